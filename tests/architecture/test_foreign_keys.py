"""Foreign keys point to the same floor or below: import-linter does not see them, since they may be strings."""

from __future__ import annotations

import tomllib

from django.apps import apps

from tests.architecture import source


def floors() -> dict[str, int]:
    """Return the height of each room, the ground being 0, as the contract `floors` in pyproject.toml has it."""
    configuration = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {room.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for room in layer.split("|")}


def test_every_foreign_key_points_to_the_same_floor_or_below() -> None:
    heights = floors()
    rising = []
    for model in apps.get_models():
        if not model.__module__.startswith("workflow_app."):
            continue
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if not hasattr(target, "__module__") or not target.__module__.startswith("workflow_app."):
                continue
            other = target.__module__.split(".")[1]
            if other != room and heights[other] >= heights[room]:
                rising.append(f"{model.__name__}.{field.name}: {room} -> {other}")

    assert not rising


def test_every_room_has_a_floor() -> None:
    rooms = {path.parent.name for path in (source.ROOT / "workflow_app").glob("*/__init__.py")}

    assert rooms <= set(floors())
