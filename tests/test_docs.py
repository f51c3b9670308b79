"""The documentation is tested: settings, commands, files it names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.settings import BadSettings, Settings, read_settings

ROOT = Path(__file__).parent.parent


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_names_every_setting_with_its_default() -> None:
    assert {name.lower() for name in example()} == set(Settings.model_fields)
    for name, value in example().items():
        default = Settings.model_fields[name.lower()].get_default()
        if name != "SECRET_KEY":
            assert value == written(default), name


def written(default: object) -> str:
    """A default as it is written in the environment."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, dict):
        return json.dumps(default)
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_the_commands_of_the_readme_exist() -> None:
    names = set(re.findall(r"python -m bot ([\w-]+)", (ROOT / "README.md").read_text("utf-8")))
    known = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}  # fmt: skip
    known |= {group.name for group in cli.registered_groups if group.name}
    assert names <= known, names - known


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text("utf-8")))
    made = (ROOT / "Makefile").read_text("utf-8")
    assert {"demo", "test"} <= targets
    assert all(f"\n{target}:" in made for target in targets - {"in"})
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_files_the_documents_link_to_exist() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
            if "://" not in link:
                assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_every_command_has_its_help() -> None:
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    for command in cli.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__


def test_all_faults_of_the_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("SECRET_KEY", "short")
    monkeypatch.setenv("DATABASE_URL", "mysql://x/y")
    monkeypatch.setenv("PUBLIC_URL", "giaoviec")
    with pytest.raises(BadSettings) as bad:
        read_settings()
    text = "\n".join(bad.value.faults)
    assert "SECRET_KEY" in text
    assert "DATABASE_URL" in text
    assert "PUBLIC_URL" in text


def test_p09_settings_that_contradict_each_other_stop_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:abc")
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("DIGEST_FROM", "18:00")
    with pytest.raises(BadSettings) as bad:
        read_settings()
    text = "\n".join(bad.value.faults)
    assert "TELEGRAM_WEBHOOK_SECRET" in text
    assert "DIGEST_FROM" in text
