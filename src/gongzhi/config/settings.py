"""Django settings, every one from the environment, checked at start by `gongzhi.config.environment`."""

from pathlib import Path

from gongzhi.config import environment

ENV = environment.read()

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.trusted_origins

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "gongzhi.base",
    "gongzhi.trust",
    "gongzhi.files",
    "gongzhi.territory",
    "gongzhi.accounts",
    "gongzhi.notices",
    "gongzhi.programs",
    "gongzhi.cases",
    "gongzhi.tips",
    "gongzhi.portal",
    "gongzhi.desk",
    "gongzhi.field",
    "gongzhi.exchange",
    "gongzhi.administration",
    "allauth",  # after ours, so that our words win
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "gongzhi.config.measuring.Measured",
    "django.middleware.security.SecurityMiddleware",
    "gongzhi.config.middleware.SecurityHeaders",  # before the page files: they carry the headers too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gongzhi.config.gate.SignedInGate",  # ends sessions: whatever looks at who is signed in comes after it
    "gongzhi.config.bounding.Bounded",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gongzhi.config.middleware.RefusedToResponse",
]

ROOT_URLCONF = "gongzhi.config.urls"
WSGI_APPLICATION = "gongzhi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongzhi.config.context.site",
            ]
        },
    }
]

DATABASES = {"default": ENV.database}
CACHES = {"default": {"BACKEND": "gongzhi.base.shared_cache.SharedCache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

# Of django-allauth only the second factors are used; its pages, mails and sign-up are not.
ACCOUNT_ADAPTER = "gongzhi.accounts.factor_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "gongzhi.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV.debug
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENV.debug
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

CSRF_FAILURE_VIEW = "gongzhi.config.failures.too_old"
SESSION_ENGINE = "gongzhi.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.https:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"  # no other host can plant them
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_BACKEND = ENV.email_backend
EMAIL_HOST = ENV.email_host
EMAIL_PORT = ENV.email_port
EMAIL_HOST_USER = ENV.email_user
EMAIL_HOST_PASSWORD = ENV.email_password
EMAIL_USE_TLS = ENV.email_tls
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = ENV.email_from

# Ours. Each is described in docs/reference/settings.md.
GONGZHI_DATA = ENV.data_dir
GONGZHI_KEYS = ENV.keys_dir
GONGZHI_CRYPTO = ENV.crypto
GONGZHI_HEADS = ENV.heads_dir
GONGZHI_METRICS_KEY = ENV.metrics_key
GONGZHI_PROGRAMS = ENV.programs_dir
GONGZHI_STREAM_URL = ENV.stream_url
GONGZHI_STREAM_PORT = ENV.stream_port
GONGZHI_TILES_URL = ENV.tiles_url
GONGZHI_TILES_ATTRIBUTION = ENV.tiles_attribution
GONGZHI_PUBLIC_URL = ENV.public_url
GONGZHI_SECOND_FACTOR = ENV.second_factor
GONGZHI_REPORTS_PER_ADDRESS = ENV.reports_per_address
GONGZHI_HOTLINE_ADDRESSES = ENV.hotline_addresses
GONGZHI_PASSWORD_DAYS = ENV.password_days
GONGZHI_IDLE_MINUTES = ENV.idle_minutes
GONGZHI_IDLE_MINUTES_ADMIN = ENV.idle_minutes_admin
GONGZHI_SESSION_HOURS = ENV.session_hours
GONGZHI_SESSION_HOURS_ADMIN = ENV.session_hours_admin
GONGZHI_CONFIRM_MINUTES = ENV.confirm_minutes
GONGZHI_OIDC = ENV.oidc
GONGZHI_OIDC_HOSTS = ENV.oidc_hosts

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "gongzhi.config.logs.Line"}, "json": {"()": "gongzhi.config.logs.Json"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ENV.log}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gongzhi": {"level": "INFO"},
        "gongzhi.steps": {"level": "INFO" if ENV.log == "json" else "WARNING"},  # too many for a reader
    },
}
