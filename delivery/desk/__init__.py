"""The desk: pages for supervisors and clerks, rendered on the server (Django), without any resource from elsewhere.

Here belong URLs, views, templates and the server. So far it holds the rule pages (口径卡) alone: no community's figure,
so no sign-in, no session and no database. What a page says of an item or rule comes from
``expectations.catalogue.cards``, what was checked from the current release; neither is worded or computed here.
"""
