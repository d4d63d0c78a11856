"""The schema's leaves: every key that holds a value and no further section, by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Annotated, Any, get_args, get_origin

from pydantic.fields import FieldInfo

from config.repository import RepositoryConfig, Section

LeafPath = tuple[str, ...]


def section_of(annotation: object) -> type[Section] | None:
    """The section that a key holds itself; None for a value, also for `Section | None` and lists of sections."""
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def bare(annotation: Any) -> Any:
    """The type itself: without `Annotated`, and X of `X | None`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    arguments = get_args(annotation)
    if type(None) in arguments:
        return bare(next(one for one in arguments if one is not type(None)))
    return annotation


def _walk(model: type[Section], parent: LeafPath) -> Iterator[tuple[LeafPath, FieldInfo]]:
    for name, field in model.model_fields.items():
        if below := section_of(field.annotation):
            yield from _walk(below, (*parent, name))
        else:
            yield (*parent, name), field


LEAVES: Mapping[LeafPath, FieldInfo] = dict(_walk(RepositoryConfig, ()))
"""In the order of the schema."""


def flatten(values: Mapping[str, Any], parent: LeafPath = ()) -> Iterator[tuple[LeafPath, Any]]:
    """Each leaf that `values` sets; a key without a value sets nothing."""
    for name, value in values.items():
        path = (*parent, name)
        if path in LEAVES:
            if value is not None:
                yield path, value
        elif isinstance(value, Mapping):
            yield from flatten(value, path)


def nest(flat: Mapping[LeafPath, Any]) -> dict[str, Any]:
    """The other way: leaves by path → mappings in mappings."""
    values: dict[str, Any] = {}
    for path, value in flat.items():
        place = values
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return values


_READERS: Mapping[LeafPath, Callable[[RepositoryConfig], Any]] = {
    path: attrgetter(".".join(path)) for path in LEAVES
}


def value_at(config: RepositoryConfig, path: LeafPath) -> Any:
    """The value of a leaf."""
    return _READERS[path](config)
