"""The API under /api/v1/: its addresses, its errors, its description."""

from typing import Any

from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from gongzhi.exchange import problems
from gongzhi.exchange.doors import lists, reports, staff
from gongzhi.exchange.guard import guarded, nothing_here

DESCRIPTION = """Report what you see, follow a case by its code, and (with a key) take every step staff take.
Texts are Simplified Chinese unless `Accept-Language` asks for English. Times carry their offset.
Every error is an RFC 9457 problem document with `code` and `field`."""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "field"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence for people, in their language."},
        "code": {"type": "string", "description": "For programs."},
        "field": {"type": "string", "description": "The field that is meant, or empty."},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


class Api(NinjaAPI):
    """A ninja API all of whose answers, also the refusals of its routing, are of one make."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        own = [guarded(each) for each in super()._get_urls() if isinstance(each, URLPattern)]
        return [*own, re_path(r"^.*$", nothing_here)]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name a generated client gives the call: `report`, `step`, `queue`."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The description, with the problem document every address may answer with."""
        schema = super().get_openapi_schema(**kwargs)
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        refusal = {
            "description": "Refused",
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"].setdefault("default", refusal)
        return schema


api = Api(title="Gongzhi", version="1", description=DESCRIPTION, docs_url=None, urls_namespace="api")
problems.register(api)
api.add_router("", reports.router)
api.add_router("", staff.router)
api.add_router("", lists.router)
