"""One settings file for every place the portal runs; all differences come from the environment.

`.env.example` lists the variables. Without `DATABASE_URL` and `REDIS_URL` the launcher
(`liaison_portal.local`) brings up a private database and broker and sets both.
"""

from pathlib import Path

import environ

from liaison_portal import gateways, local
from liaison_portal.admin_menu import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
PUBLIC_URL = env.str("PUBLIC_URL", default="")
VAR_DIR = local.var_dir()

# A key made by the launcher lies beside the data; real servers must bring their own.
SECRET_KEY = local.secret("SECRET_KEY")
# Seals phones and other personal data (committees/sealed.py). Never in the database or its backup.
SEALING_KEYS = local.secret("SEALING_KEYS")
SEALING_PROVIDER = "committees.sealed.AesGcm"

_public = local.public_hosts(PUBLIC_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_public.hosts)
CSRF_TRUSTED_ORIGINS = _public.origins
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _public.is_https else None

INSTALLED_APPS = [
    "committees",
    "notices",
    "members",
    "sectors",
    "contacts",
    "workrooms",
    "opinions",
    "activities",
    "records",
    "unfold",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.admin",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "liaison_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "committees.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "committees.session_age.SessionAge",
    "committees.middleware.CommitteeMiddleware",
    "committees.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "liaison_portal.urls"
WSGI_APPLICATION = "liaison_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liaison_portal.pages.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "committees.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "liaison_portal.form_renderer.HouseRenderer"

DATABASES = {
    "default": {
        **env.db_url_config(local.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "liaison_portal.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_URL = local.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that finds no broker goes on within milliseconds; the sweeper makes up for it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,
    "interval_start": 0,
}
CELERY_TIMEZONE = "Asia/Shanghai"

# Telling people outside the inbox (docs/operations.md): without a gateway all goes to files.
NOTICE_QUIET = env.str("NOTICE_QUIET", default="21:00-08:00")
NOTICE_DIGEST_AT = env.str("NOTICE_DIGEST_AT", default="08:30")
NOTICE_CLAIM_SECONDS = env.int("NOTICE_CLAIM_SECONDS", default=600)
NOTICE_GATEWAYS = gateways.from_environment(env)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="portal@localhost")
# Whose task sends the code for signing in by SMS; the apps above are named, not imported.
SIGN_IN_CODE_TASK = "notices.tasks.send_sign_in_code"
SIGN_IN_BY_SMS = "sms" in NOTICE_GATEWAYS

AUTH_USER_MODEL = "committees.User"
AUTHENTICATION_BACKENDS = ["committees.sign_in.PhoneOrName"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in_name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "committees.sign_in.PortalAccounts"
ACCOUNT_FORMS = {
    "login": "committees.forms.SignInForm",
    "reauthenticate": "committees.forms.PasswordAgainForm",
    "change_password": "committees.forms.OldAndNewPasswordForm",
}
# A whole plenary may come from one address; only failures are counted closely (docs/security.md).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "slip": "20/5m/ip,600/5m/key",
    "first_run": "10/5m/ip",
    "sms_ask": "60/10m/ip",  # per phone: committees/sign_in_codes.py
    "sms_code": "30/5m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
}
# How many proxies stand in front and add to X-Forwarded-For; 0 believes the connection alone.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# `manage.py runserver` and tests have nothing collected; `manage.py up` collects by itself.
WHITENOISE_USE_FINDERS = DEBUG or not STATIC_ROOT.is_dir()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _public.is_https else 0
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "liaison_portal.api.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "界别联络平台",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}
