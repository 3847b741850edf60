"""Django's settings. What differs between deployments comes from the environment, where ``server`` puts it.

There is no SECRET_KEY: nothing is signed as long as there are no sessions and forms.
"""

from __future__ import annotations

import os
from pathlib import Path

from delivery.desk.server import HOSTS_VARIABLE
from ingest.data_root import DataRoot

FOLDER = Path(__file__).parent

DATA_ROOT = DataRoot.from_environment()

DEBUG = False
ALLOWED_HOSTS = os.environ.get(HOSTS_VARIABLE, "localhost").split()
ROOT_URLCONF = "delivery.desk.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "delivery.desk.middleware.content_security_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "delivery.desk.middleware.UnreadableRulesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FOLDER / "templates"],
        "OPTIONS": {"context_processors": ["delivery.desk.static_files.addresses"]},
    }
]
LANGUAGE_CODE = "zh-hans"
USE_I18N = False  # one language: asking for it at each number is a seventh of a page's time
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# Django's own handlers say nothing without DEBUG but by mail.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
