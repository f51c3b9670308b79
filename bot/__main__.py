"""The command line: `python -m bot …`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.understand import understand
from bot.logs import set_up_logs
from bot.settings import BadSettings

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Báo cáo qua chat, nhắc việc đúng hạn, tổng kết một màn hình.",
)

zalo = typer.Typer(no_args_is_help=True, help="Zalo: set up its bots and the Official Account.")
cli.add_typer(zalo, name="zalo")


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run a command; what stops it is told in a sentence, never as a traceback."""
    from bot.commands.errors import Stop

    try:
        asyncio.run(work)
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        raise typer.Exit(1) from None
    except BadSettings as bad:
        print("Thiết lập chưa đúng (xem .env.example):", file=sys.stderr)
        for fault in bad.faults:
            print(f"  {fault}", file=sys.stderr)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@cli.command()
def run() -> None:
    """The real thing: all configured networks in one process."""
    from bot.commands.run import run as work

    _run(work())


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="On 127.0.0.1", min=0, max=65535)] = 8080,
) -> None:
    """A demo province at http://127.0.0.1:8080, with no token and no account."""
    from bot.commands.demo import demo as work

    set_up_logs("text", quiet=True)
    _run(work(port))


@cli.command()
def talk(
    as_: Annotated[str | None, typer.Option("--as", help="The post whose chair to take")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="On a fresh demo province")] = False,
    who: Annotated[bool, typer.Option("--who", help="List the chairs")] = False,
    show_as: Annotated[
        str | None,
        typer.Option(help="Show messages as a network would: zalo_bot, zalo_oa, telegram, web"),
    ] = None,
) -> None:
    """A chat in the terminal: a line is a message; :photo, :pin, :clock and :as do the rest."""
    from bot.commands.talk import talk as work

    set_up_logs("text", quiet=True)
    _run(work(as_, demo=demo, who=who, show_as=show_as))


@cli.command()
def migrate() -> None:
    """Bring the database to this version."""
    from bot.commands.admin import migrate_database as work

    _run(work())


@cli.command()
def invite(
    out: Annotated[Path, typer.Option(help="The sheet to print (HTML)")] = Path("ma-ket-noi.html"),
    unit: Annotated[str, typer.Option(help="Only this unit, by code, with all below")] = "",
    person: Annotated[str, typer.Option(help="Only this person, by code")] = "",
    again: Annotated[bool, typer.Option(help="Those already connected, too")] = False,
) -> None:
    """One-time codes, and a sheet with QR codes to print and cut."""
    from bot.commands.admin import invite as work

    _run(work(out, unit, person, again=again))


@cli.command("hand-over")
def hand_over(
    post: Annotated[str, typer.Argument(help="The post, by code")],
    person: Annotated[str, typer.Argument(help="Who takes it over, by code")],
    day: Annotated[
        str, typer.Option("--from", help="First day, 01/12/2026; today if left out")
    ] = "",
) -> None:
    """Bàn giao: another person holds a post from a day on; its jobs stay with the post."""
    from bot.commands.admin import hand_over as work

    _run(work(post, person, day))


@cli.command()
def disconnect(
    person: Annotated[str, typer.Argument(help="Whose chats to let go, by code")],
    network: Annotated[
        str, typer.Option(help="Only this one: telegram, zalo_bot, zalo_oa, web")
    ] = "",
) -> None:
    """Let go of a person's chats, so that a phone that changes hands can be connected anew."""
    from bot.commands.admin import disconnect as work

    _run(work(person, network))


@cli.command()
def export(
    post: Annotated[str, typer.Argument(help="The post whose area it is, by code")],
    out: Annotated[Path, typer.Option(help="The .xlsx file")] = Path("tong-ket.xlsx"),
) -> None:
    """The official table of an area, as it stands now."""
    from bot.commands.admin import export as work

    _run(work(post, out))


@cli.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(help="The workbook (.xlsx)")] = None,
    template: Annotated[bool, typer.Option("--template", help="Write an empty workbook")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check, change nothing")] = False,
) -> None:
    """Load units, people, programmes and tasks from a workbook."""
    from bot.commands.loading import import_workbook as work

    _run(work(file, template=template, check=check))


cli.command()(understand)


@cli.command()
def doctor() -> None:
    """What is configured, reachable and waiting; who is not connected."""
    from bot.commands.doctor import doctor as work

    _run(work())


@zalo.command("setup")
def zalo_setup() -> None:
    """Step by step: tokens, webhook, a test message; also with answers through a pipe."""
    from bot.commands.zalo import setup as work

    _run(work())


def main() -> None:
    """The entry point; a pipe that closes early is not an error."""
    try:
        cli()
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
