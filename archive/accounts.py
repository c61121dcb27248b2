"""Who may log in: names and hashes of passwords in a file of the home, never in the archive; and the secret that signs who is logged in."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from datasette_auth_passwords.utils import hash_password

from archive.errors import DiskFull, UsageError
from archive.khmer import DIGITS, SPELLING, clean

ACCOUNTS = "accounts.json"
SECRET = "secret"  # noqa: S105  the name of its file

SHORTEST = 10
"""Characters a password must have: wrong ones are not throttled by the site itself."""

_LETTERS = f"a-z0-9{SPELLING}{DIGITS}"
_NAME = re.compile(rf"(?!.*_password_hash)[{_LETTERS}][{_LETTERS}._-]{{0,39}}")  # the plugin's mark behind each name


def accounts(data: Path) -> dict[str, str]:
    """Give the accounts of a home's data folder: name -> hash of the password.

    Raises UsageError where there is no such folder or the file is damaged.
    """
    if not data.is_dir():
        raise UsageError(
            f"{data.parent}: this is no home yet. Run `tamdan init FOLDER`, or name the right folder by --home."
        )
    file = data / ACCOUNTS
    try:
        held = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise UsageError(
            f"{file}: this is no list of accounts any more ({error}). Take it away and make them anew."
        ) from error
    return {str(name): str(hashed) for name, hashed in held.items()}


def put_account(data: Path, name: str, password: str) -> bool:
    """Make an account or change its password; tells whether it is new. A changed one ends every login.

    Raises UsageError for a name or password that cannot be, DiskFull where the folder cannot be written.
    """
    require_name(name)
    if len(password) < SHORTEST:
        raise UsageError(f"The password is too short: take {SHORTEST} characters or more, several words for instance.")
    held = accounts(data)
    write_private(data / ACCOUNTS, json.dumps({**held, name: hash_password(password)}, ensure_ascii=False, indent=1))
    if name in held:
        _end_logins(data)
    return name not in held


def remove_account(data: Path, name: str) -> None:
    """Take an account away, and end every login; raises UsageError where there is none of that name."""
    held = accounts(data)
    if name not in held:
        raise UsageError(f"{name}: there is no such account. There are: {', '.join(sorted(held)) or 'none'}.")
    del held[name]
    write_private(data / ACCOUNTS, json.dumps(held, ensure_ascii=False, indent=1))
    _end_logins(data)


def require_name(name: str) -> None:
    """Raise UsageError for a name that no account may have."""
    if not _NAME.fullmatch(name) or clean(name) != name:
        raise UsageError(
            f"{name}: a name has 1 to 40 small Latin letters, Khmer letters or digits, and . _ - behind the first of them."
        )


def secret(data: Path) -> str:
    """Give the secret that signs who is logged in, made when it is first asked for, so that logins outlast the server."""
    file = data / SECRET
    if not file.is_file():
        write_private(file, secrets.token_hex(32))
    return file.read_text(encoding="utf-8").strip()


def _end_logins(data: Path) -> None:
    """Forget the secret: a login is a signed cookie, which nothing else would end."""
    (data / SECRET).unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone may read, whole or not at all; raises DiskFull."""
    new = file.with_name(f"{file.name}.new")
    try:
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
        new.replace(file)
    except OSError as error:
        raise DiskFull(
            f"{file}: cannot be written ({error.strerror}). Free some space or mend the rights of the folder."
        ) from error


def password_variables(held: Mapping[str, str]) -> dict[str, str]:
    """Give the variables of the environment by which the server learns the hashes: name of the variable -> hash."""
    return {f"TAMDAN_PASSWORD_{number}": held[name] for number, name in enumerate(sorted(held), 1)}


def login_config(held: Mapping[str, str]) -> dict[str, object]:
    """Give the login plugin's part of the metadata, which everybody may read: the names, and where the hashes are looked up."""
    return {
        f"{name}_password_hash": {"$env": variable}
        for name, variable in zip(sorted(held), password_variables(held), strict=True)
    }
