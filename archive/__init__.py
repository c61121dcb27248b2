"""KEEP AND SHOW: the nouns, the words of a campaign, the databases, search and export. Knows neither Scrapy nor trafilatura."""
