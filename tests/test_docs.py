"""The documentation is tested: settings, commands, files it names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.settings import BadSettings, Settings, doubts, read_settings

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
    assert "TELEGRAM_WEBHOOK_SECRET: cần đặt khi TELEGRAM_MODE=webhook" in text
    assert "DIGEST_FROM" in text


def test_what_cannot_be_read_hides_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round: a line for each, in words, with what is expected."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    for name, value in {
        "LISTEN_PORT": "99999",
        "TRUSTED_PROXIES": "hai",
        "LOG_FORMAT": "xml",
        "ZALO_OA_TEMPLATE_DATA": "{khong",
        "TELEGRAM_TOKEN": "1:abc",
        "TELEGRAM_MODE": "webhook",
        "DIGEST_FROM": "18:00",
        "DIGEST_UNTIL": "25:00",
        "ZALO_OA_APP_ID": "7",
        "ZALO_BOT_TOKENS": "1:abcdefg",
        "ZALO_BOT_NAMES": "A,B",
        "ZALO_BOT_LINKS": "http://zalo",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as bad:
        read_settings()
    assert sorted(bad.value.faults) == [
        # Nothing is said of the order of hours, of which one could not be read.
        "DIGEST_UNTIL: không có giờ 25:00; cần giờ và phút, ví dụ 07:30",
        "LISTEN_PORT: cần số nhiều nhất là 65535",
        "LOG_FORMAT: cần một trong: text, json",
        "PUBLIC_URL: cần bắt đầu bằng https:// khi TELEGRAM_MODE=webhook",
        "SECRET_KEY: chưa đặt; tạo bằng lệnh: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
        "TELEGRAM_WEBHOOK_SECRET: cần đặt khi TELEGRAM_MODE=webhook",
        "TRUSTED_PROXIES: cần một số nguyên",
        "ZALO_BOT_LINKS, ZALO_OA_LINK: cần bắt đầu bằng https://",
        "ZALO_BOT_NAMES, ZALO_BOT_TOKENS: số tên nhiều hơn số bot",
        "ZALO_OA_APP_SECRET: cần đặt khi đã đặt ZALO_OA_APP_ID",
        "ZALO_OA_SECRET_KEY: cần đặt khi đã đặt ZALO_OA_APP_ID",
        'ZALO_OA_TEMPLATE_DATA: cần dạng JSON, ví dụ {"noi_dung": "{text}", "ngay": "{date}"}',
    ]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("TELEGRAM_TOKEN", "bi-mat", "chưa đúng dạng SỐ:CHỮ mà @BotFather đã cấp, xem lại khi chép"),
        ("TELEGRAM_TOKEN", "1:bi mat", "chưa đúng dạng SỐ:CHỮ mà @BotFather đã cấp, xem lại khi chép"),
        ("ZALO_BOT_TOKENS", "1:bi-mat,1:bi-mat", "có token ghi hai lần; mỗi bot một token"),
        ("ZALO_BOT_TOKENS", "1:bi-mat,bi mat",
         "token thứ 2 chưa đúng: cần từ 8 đến 256 chữ không dấu, chữ số, dấu : . _ -"),
        ("TRUSTED_PROXIES", "-1", "cần số từ 0 trở lên"),
        ("TELEGRAM_PER_SECOND", "0.5", "cần 0 (không giới hạn) hoặc từ 1 trở lên"),
        ("ZALO_BOT_PER_SECOND", "-3", "cần số từ 0 trở lên"),
        ("ZALO_OA_PER_CHAT_SECOND", "1e-12", "cần 0 (không giới hạn) hoặc từ 0.01 trở lên"),
        ("TELEGRAM_PER_SECOND", "inf", "cần một số, ví dụ 1.5"),
        *(
            ("MEDIA_URL", url, "cần một thư mục, ví dụ data/media, hoặc dạng s3://KHO/THU_MUC")
            for url in ("ftp://x", "s3://", "", "memory://", "file://")
        ),
    ],
)  # fmt: skip
def test_what_would_break_the_start_is_told_in_one_line_and_shows_no_token(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fault: str
) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setenv("TELEGRAM_TOKN", "1:bi-mat")
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as bad:
        read_settings()
    assert bad.value.faults == [
        f"{name}: {fault}",
        "TELEGRAM_TOKN: không có thiết lập tên này, xem .env.example",
    ]
    assert "bi-mat" not in str(bad.value)


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ({"LEADER_DIGEST_AT": "25:00", "DIGEST_FROM": "18:00"},
         ["LEADER_DIGEST_AT", "DIGEST_FROM, DIGEST_UNTIL"]),
        ({"LISTEN_PORT": "99999", "LEADER_DIGEST_AT": "18:00"},
         ["LISTEN_PORT", "DIGEST_FROM, LEADER_DIGEST_AT, DIGEST_UNTIL"]),
        ({"ZALO_BOT_TOKENS": "1:abcdefg", "ZALO_BOT_MODE": "webhook"},
         ["ZALO_BOT_WEBHOOK_SECRET", "PUBLIC_URL"]),
        # A token that is wrong is there all the same: its network is meant to be on.
        ({"ZALO_BOT_TOKENS": "a b", "ZALO_BOT_MODE": "webhook", "ZALO_BOT_NAMES": "A,B"},
         ["ZALO_BOT_TOKENS", "ZALO_BOT_WEBHOOK_SECRET", "PUBLIC_URL"]),
        ({"TELEGRAM_TOKEN": "a b", "TELEGRAM_MODE": "webhook"},
         ["TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "PUBLIC_URL"]),
        ({"ZALO_BOT_MODE": "webhook", "LISTEN_PORT": "99999"}, ["LISTEN_PORT"]),
    ],
)  # fmt: skip
def test_a_contradiction_is_named_beside_what_is_wrong_by_itself(
    monkeypatch: pytest.MonkeyPatch, written: dict[str, str], faults: list[str]
) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    for name, value in written.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as bad:
        read_settings()
    assert [fault.partition(":")[0] for fault in bad.value.faults] == faults


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_p30_a_database_in_memory_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Every connection would have its own, and a restart would lose it."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(BadSettings) as bad:
        read_settings()
    assert bad.value.faults == [
        "DATABASE_URL: SQLite cần một tệp, ví dụ sqlite:///data/giaoviec.db"
    ]


def test_names_nobody_reads_and_bots_of_one_name_are_pointed_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env = tmp_path / ".env"
    env.write_text(
        f"SECRET_KEY={'x' * 40}\n# TELEGRAM_OLD=1\nTELEGRAM_TOKN=1:a\nOTHER=2\n"
        "ZALO_BOT_TOKENS=1:abcdefg,2:abcdefg\nZALO_BOT_NAMES=Giao việc,Giao việc\n",
        "utf-8",
    )
    monkeypatch.setitem(Settings.model_config, "env_file", str(env))
    assert doubts(read_settings()) == [
        "TELEGRAM_TOKN: không có thiết lập tên này, xem .env.example",
        "ZALO_BOT_NAMES: nhiều bot cùng tên “Giao việc”, người dùng khó tìm đúng bot",
    ]
