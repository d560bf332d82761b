"""Rules and goals as entries of a policy file, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from inspect import Parameter, signature
from typing import Any

from pairmatch.errors import Finding, PolicyError, did_you_mean
from pairmatch.parameters.values import is_number, told

__all__ = ["known_parts", "label_of", "plain_entry", "read_entries"]


def label_of(part: Any) -> str:
    """The key of a rule or goal in tables: its label, or else its name."""
    return str(getattr(part, "label", None) or part.name)


def known_parts(
    registry: Mapping[str, Any], extra: Iterable[Any], methods: tuple[str, ...]
) -> dict[str, Any]:
    """The registry with those extra classes that have one of the methods.

    Parameters
    ----------
    registry
        Name to class.
    extra
        The caller's own classes, each with a ``name``.
    methods
        Methods that tell a rule from a goal.
    """
    known = dict(registry)
    for made in extra:
        if any(hasattr(made, method) for method in methods):
            known[str(getattr(made, "name", made.__name__))] = made
    return known


def read_entries(section: str, raw: object, known: Mapping[str, Any]) -> tuple[list[Any], list[Finding]]:
    """The rules or goals of one section of a policy file, and what is wrong with the others.

    Parameters
    ----------
    section
        ``"rules"`` or ``"goals"``.
    raw
        What stands in the file: a list of tables.
    known
        Name to class.
    """
    if not isinstance(raw, list | tuple):
        hint = f"'{section}' must be a list of tables, in TOML each under [[{section}]], not {told(raw)}."
        return [], [_finding("bad_section", hint, section)]
    parts: list[Any] = []
    findings: list[Finding] = []
    for number, entry in enumerate(raw, start=1):
        try:
            parts.append(_read(section.removesuffix("s"), entry, known))
        except PolicyError as error:
            findings += [_placed(finding, f"{section} #{number}") for finding in error.findings]
    return parts, findings


def _placed(finding: Finding, place: str) -> Finding:
    return replace(finding, column=f"{place}, {finding.column}" if finding.column else place)


def _read(key: str, entry: object, known: Mapping[str, Any]) -> Any:
    """One rule or goal from its table."""
    if not isinstance(entry, Mapping):
        hint = f"a {key} is a table with the key '{key}', not {told(entry)}."
        raise PolicyError([_finding("bad_entry", hint)])
    name = entry.get(key)
    if not isinstance(name, str):
        hint = f"a {key} needs the key '{key}' with its name in snake case."
        raise PolicyError([_finding("unnamed_entry", hint)])
    if name not in known:
        near = did_you_mean(name, known) or f" There are: {', '.join(sorted(known))}."
        hint = f"there is no {key} '{name}'.{near}"
        raise PolicyError([_finding(f"unknown_{key}", hint, key)])
    made = known[name]
    given = {str(parameter): value for parameter, value in entry.items() if parameter != key}
    takes = signature(made).parameters
    findings = _outline(name, given, takes)
    # A parameter that stands under a wrong name must not hide what is wrong with the others.
    findings += _trial(made, name, {p: v for p, v in given.items() if p in takes}, findings)
    if findings:
        raise PolicyError(findings)
    return made(**given)


def _outline(name: str, given: Mapping[str, Any], takes: Mapping[str, Parameter]) -> list[Finding]:
    """Parameters that are unknown or absent."""
    findings = []
    for parameter in given:
        if parameter not in takes:
            near = did_you_mean(parameter, takes) or f" It takes: {', '.join(takes) or 'none'}."
            findings.append(
                _finding("unknown_parameter", f"'{name}' has no parameter '{parameter}'.{near}", parameter)
            )
    absent = [parameter for parameter in takes if _needed(takes[parameter]) and parameter not in given]
    return findings + [
        _finding("absent_parameter", f"'{name}' needs the parameter '{parameter}'.", parameter)
        for parameter in absent
    ]


def _needed(parameter: Parameter) -> bool:
    variadic = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    return parameter.default is Parameter.empty and parameter.kind not in variadic


def _trial(made: Any, name: str, given: Mapping[str, Any], found: list[Finding]) -> list[Finding]:
    """What the class itself says of its parameters; those already found wanting are not told twice."""
    told_already = {finding.column for finding in found}
    stand_in = {p: None for p in signature(made).parameters if p in told_already}
    try:
        made(**{**stand_in, **given})
    except PolicyError as error:
        return [finding for finding in error.findings if finding.column not in told_already]
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        if found:
            return []
        hint = f"'{name}' cannot be made with these parameters ({type(error).__name__})."
        return [_finding("bad_parameters", hint)]
    return []


def plain_entry(key: str, part: Any) -> dict[str, Any]:
    """A rule or goal as a table: its name and the parameters that differ from their defaults.

    Parameters
    ----------
    key
        ``"rule"`` or ``"goal"``.
    part
        The rule or goal.

    Raises
    ------
    PolicyError
        If a parameter is not plain data.
    """
    defaults = {name: p.default for name, p in signature(type(part)).parameters.items()}
    values = _parameters(part)
    entry: dict[str, Any] = {key: part.name}
    for name in sorted(values, key=[*defaults, *values].index):
        plain = _plain(label_of(part), name, values[name])
        if plain is not None and plain != _plain_default(defaults.get(name)):
            entry[name] = plain
    return entry


def _plain_default(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _parameters(part: Any) -> Mapping[str, Any]:
    if hasattr(part, "parameters"):
        told_by_itself: Mapping[str, Any] = part.parameters()
        return told_by_itself
    if is_dataclass(part):
        return {field.name: getattr(part, field.name) for field in fields(part) if field.init}
    return {name: value for name, value in vars(part).items() if not name.startswith("_")}


def _plain(owner: str, name: str, value: Any) -> Any:
    """A value as JSON and TOML can hold it."""
    if value is None or isinstance(value, str | bool):
        return value
    if is_number(value):
        return int(value) if isinstance(value, int) or hasattr(value, "__index__") else float(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(owner, name, content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(owner, name, content) for content in value]
    hint = (
        f"'{owner}' cannot be stored: '{name}' is {told(value)}; give its class parameters() of plain data."
    )
    raise PolicyError([_finding("not_plain", hint, name)])


def _finding(code: str, hint: str, column: str = "") -> Finding:
    return Finding(code, hint, side="policy", column=column)
