"""Organizational units by their paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from org_constructs.aws import limits
from org_constructs.baseline.props import OrganizationalUnitProps
from org_constructs.constructs.organizational_unit import OrganizationalUnit, check_organizational_unit
from org_constructs.constructs.validate import check_sequence, check_text, check_unique, is_token
from org_constructs.refusal import Mistakes, Refusal

from .checks import argument_in, refuse_beside
from .names import EVERY_ACCOUNT, MANAGEMENT, ROOT
from .planned import PlannedUnit


def plan_units(props: Sequence[OrganizationalUnitProps]) -> dict[str, PlannedUnit]:
    """Check the units and return them by path, parents first."""
    units: dict[str, PlannedUnit] = {}
    mistakes = Mistakes()

    def walk(
        argument: str,
        level: Sequence[OrganizationalUnitProps],
        above: tuple[OrganizationalUnitProps, ...],
        parent: str | None,
    ) -> None:
        check_sequence(argument, level, OrganizationalUnitProps, "an OrganizationalUnitProps")
        check_unique(argument, [unit.name for unit in level], what="name")
        check_unique(argument, [unit.key or unit.name for unit in level], what="key")
        for index, unit in enumerate(level):
            with mistakes.gathered():
                here = f"{argument}[{index}]"
                if any(unit is ancestor for ancestor in above):
                    raise Refusal(
                        "unit-in-itself",
                        f"{here} must not be its own ancestor, got {unit.name!r} under itself",
                        "use another unit for the inner one",
                    )
                check_organizational_unit(f"{here}.", name=unit.name, depth=len(above) + 1, tags=unit.tags)
                key = unit.name if unit.key is None else unit.key
                check_text(
                    f"{here}.{'name' if unit.key is None else 'key'}", key, maximum=limits.ORGANIZATIONAL_UNIT_NAME_MAX
                )
                if is_token(key):
                    raise Refusal(
                        "id-token",
                        f"{here}.key must be known at synth, since ids are derived from it, got a token",
                        "use the literal value",
                    )
                if "/" in key or "--" in key or key.startswith("-") or key.endswith("-"):
                    raise Refusal(
                        "unit-key-form",
                        f"{here}.key must contain neither '/', which separates a path, nor '--', and have no '-' at"
                        f" either end, got {key!r}",
                        "choose a simpler key",
                    )
                path = key if parent is None else f"{parent}/{key}"
                if path in (MANAGEMENT, ROOT, EVERY_ACCOUNT):
                    raise Refusal(
                        "key-reserved",
                        f"{here}.key must not be {path!r}, which has a special meaning in targets",
                        "give the unit another key",
                    )
                if unit.organizational_unit_id is not None:
                    _check_existing_unit(here, unit, above, units.values())
                units[path] = PlannedUnit(path=path, parent=parent, props=unit)
                walk(f"{here}.organizational_units", unit.organizational_units, (*above, unit), path)

    walk("organizational_units", props, (), None)
    mistakes.refuse()
    return units


def _check_existing_unit(
    here: str,
    unit: OrganizationalUnitProps,
    above: Sequence[OrganizationalUnitProps],
    before: Iterable[PlannedUnit],
) -> None:
    with argument_in(here):
        OrganizationalUnit.from_organizational_unit_id(unit.organizational_unit_id or "")
    refuse_beside(here, unit, "organizational_unit_id", ("tags",))
    if above and above[-1].organizational_unit_id is None:
        raise Refusal(
            "unit-existing-under-created",
            f"{here}.organizational_unit_id must only be given if the parent unit exists too, got"
            f" {unit.organizational_unit_id!r} in {above[-1].name!r}, which the app creates",
            "give its id too",
        )
    for planned in before:
        if planned.props.organizational_unit_id == unit.organizational_unit_id:
            raise Refusal(
                "unit-existing-twice",
                f"{here}.organizational_unit_id must be given for one unit only, got {unit.organizational_unit_id!r},"
                f" which {planned.path!r} has already",
                "remove one of the two",
            )
