"""Find and fetch: the only folder that talks to the web.

`settings` says how politely, `guard` where to, `handler` and `wire` how much, `robots` and `pace` when, `capture` keeps what came back.
"""
