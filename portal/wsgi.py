"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from portal.whole_body import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = whole_bodies(get_wsgi_application())
