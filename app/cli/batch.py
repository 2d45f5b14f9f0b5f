"""`daub batch`: many files with the options of a single one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from daub.app.cli import decode as cli_decode
from daub.app.cli import encode as cli_encode
from daub.app.cli.arguments import Result, command, natural, positive, replacing
from daub.app.cli.streams import STREAM
from daub.app.terminal import tell, tell_event
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX

if TYPE_CHECKING:
    from daub.app.batch.run import Outcome, Row
    from daub.app.batch.task import Request

_SHOWN = 20  # failures that are told one by one; a report has them all


def add_to(commands) -> None:
    """Adds `batch` and its kinds to the subcommands of a parser."""
    text = "encode or decode many files, here or on a cluster; what is done is not done again"
    batch = commands.add_parser("batch", help=text, description=f"{text[0].upper()}{text[1:]}.")
    kinds = batch.add_subparsers(metavar="encode|decode", required=True)

    encode = command(kinds, "encode", _encode, "encode images, each as `daub encode` does")
    _add_files(encode, "images; folders with all that is in them")
    cli_encode.add_settings(encode)

    decode = command(kinds, "decode", _decode, "render .daub files, each as `daub decode` does")
    _add_files(decode, ".daub files; folders with all that is in them")
    cli_decode.add_format(decode, "of the images")
    cli_decode.add_settings(decode)


def _add_files(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "inputs", metavar="IN", nargs="+",
        help=f"{what}; patterns such as 'photos/**/*.jpg'; @list.txt, an input on each line, or @- from stdin; "
        "all of them paths or URLs such as s3://bucket/photos",
    )  # fmt: skip
    parser.add_argument(
        "--out", required=True, metavar="FOLDER", help="where the files go, in folders as the inputs are in"
    )
    parser.add_argument(
        "--jobs", type=positive, metavar="N",
        help="processes (default: one for each core, as far as there is memory)",
    )  # fmt: skip
    parser.add_argument(
        "--dask", metavar="ADDRESS|local",
        help="have it done by the workers of a Dask scheduler, such as tcp://host:8786, or of one that is started here",
    )  # fmt: skip
    parser.add_argument(
        "--retries", type=natural, default=2, metavar="R",
        help="how often a file is tried again whose process has ended or lacked memory (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--report", metavar="FILE", help="write a row for every file, as .csv, .json or .html by its name"
    )


def _encode(arguments: argparse.Namespace) -> Result:
    return _run(arguments, cli_encode.request_of, SUFFIX)


def _decode(arguments: argparse.Namespace) -> Result:
    from daub.codec import images

    suffix = f".{arguments.format or cli_decode.USUAL_FORMAT}"
    images.check_format(f"*{suffix}")
    return _run(arguments, cli_decode.request_of, suffix)


def _run(
    arguments: argparse.Namespace, request_of: Callable[[argparse.Namespace, str, str], Request], suffix: str
) -> Result:
    from daub.app.batch import places
    from daub.app.batch.report import check_report, summary, write_report
    from daub.app.batch.run import BatchRequest, Progress, State, run_batch
    from daub.app.terminal import ProgressLine

    may = replacing(arguments)
    if arguments.report:
        places.make_folder(arguments.out)  # a report may go in there
        check_report(arguments.report, may)
    batch = BatchRequest(
        tuple(arguments.inputs), arguments.out, request_of(arguments, "", ""), suffix, arguments.jobs, arguments.device,
        arguments.threads, arguments.dask, arguments.retries, _lines,
    )  # fmt: skip
    with ProgressLine() as line:
        failed = 0

        def progress(told: Progress) -> None:
            facts = f"{told.ended:,} of {told.count:,}", f"{told.rate:.3g} a second"
            line.advance(arguments.parser.prog.split()[-1], told.fraction, *facts)

        def ended(row: Row) -> None:
            nonlocal failed
            tell_event("file", **row.as_dict())
            if row.state is State.FAILED:
                failed += 1
                if failed <= _SHOWN:
                    line.fail(row.why)

        outcome = run_batch(batch, line.say, progress, ended)
    if failed > _SHOWN:
        what = f"{failed - _SHOWN:,} more files were refused"
        tell([what if arguments.report else f"{what}: --report FILE names them"])
    tell(outcome.notices[:_SHOWN])
    if len(outcome.notices) > _SHOWN:
        tell([f"and {len(outcome.notices) - _SHOWN:,} more notices"])
    failures = []
    try:
        if arguments.report:
            write_report(arguments.report, outcome, may.files)
    except DaubError as error:
        failures.append(error)
    refused = [{"file": row.file, "why": row.why} for row in outcome.rows if row.state is State.FAILED]
    sums = summary(outcome)
    result = Result.summary(_text(arguments.out, sums, outcome), sums | {"refused": refused}, arguments, failures)
    return result._replace(code=1 if refused else 0)


def _text(folder: str, sums: dict, outcome: Outcome) -> str:
    from daub.app.batch.report import size
    from daub.app.terminal import decibels, duration, facts

    before = [f"{sums['done_before']:,} before"] if sums["done_before"] else []
    before += [f"{sums['copied']:,} copied"] if sums["copied"] else []
    share = f", {100 * sums['bytes'] / sums['source_bytes']:.1f} % of the sources" if sums["source_bytes"] else ""
    speed = f" ({sums['done'] / outcome.seconds:.3g} a second)" if sums["done"] else ""
    pairs = [
        ("done", ", ".join([f"{sums['done']:,} of {sums['files']:,} files", *before])),
        *([("refused", f"{sums['failed']:,}")] if sums["failed"] else []),
        ("bytes", f"{size(sums['bytes'])}{share}"),
        *([("PSNR", f"{decibels(sums['psnr'])} on average")] if sums["psnr"] is not None else []),
        *([("MS-SSIM", f"{sums['ms_ssim']:.4f} on average")] if sums["ms_ssim"] is not None else []),
        ("in", f"{duration(outcome.seconds)}, {outcome.jobs} at once{speed}"),
    ]
    return f"{folder}\n{facts(pairs)}"


def _lines(name: str) -> list[str]:
    from daub.app.batch.run import lines_in, lines_of

    if name == STREAM:
        return lines_in(sys.stdin.buffer.read())
    return lines_of(name)
