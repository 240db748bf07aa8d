"""``impasto doctor``: what works here, what is missing, and the command that fixes it."""

import typer


def doctor() -> None:
    """Say what works here, and how to fix what does not."""
    from impasto.cli.checks import all_checks

    works = True
    for check in all_checks():
        mark = "ok" if check.ok else "missing" if check.optional else "BROKEN"
        typer.echo(f"{mark:8}{check.topic + ':':13}{check.text}")
        if check.fix:
            typer.echo(f"{'':21}fix: {check.fix}")
        works = works and (check.ok or check.optional)
    if not works:
        raise typer.Exit(1)
    typer.echo("\nImpasto can paint here.")
