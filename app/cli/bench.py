"""The command line of `daub bench`: its kinds, their options, and what they print."""

from __future__ import annotations

import argparse
from pathlib import Path

from daub.app.cli.arguments import (
    Result,
    add_device,
    add_effort,
    add_replacing,
    add_tune,
    command,
    factor,
    natural,
    positive,
    replacing,
)
from daub.app.terminal import json_text, tell
from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.errors import DaubError
from daub.codec.goal import DEFAULT_GOAL, Goal, GoalKind
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning


def add_to(commands) -> None:
    """Adds `bench` and its kinds to the subcommands of a parser."""
    bench = commands.add_parser("bench", help="measure speed and rate-distortion", description="Measure Daub.")
    kinds = bench.add_subparsers(metavar="fit|rd|effort|methods|prior|large|batch|hands|splats|scene", required=True)

    fit = command(kinds, "fit", _bench_fit, "quality and speed of the fit, of a rendering and of decoding")
    fit.add_argument("--gaussians", type=positive, default=5000, metavar="N")
    fit.add_argument("--steps", type=positive, nargs="+", default=[150, 300], metavar="S", help="one fit for each")

    rd = command(kinds, "rd", _bench_rd, "rate-distortion of written files, against the ordinary codecs")
    rd.add_argument(
        "--gaussians", type=positive, nargs="+", metavar="N",
        help="the sweep of Daub, fitted per 768x512 pixels (default: 600 to 8000); files leave out those that are not "
        "worth their bits",
    )  # fmt: skip
    add_effort(rd)
    add_tune(rd, Tuning.PSNR, "psnr")
    rd.add_argument("--codecs", nargs="+", metavar="NAME", help="the others to measure, e.g. JPEG 'JPEG XL' (all)")
    rd.add_argument(
        "--reuse", metavar="FILE.csv",
        help="take from an earlier --csv what it has of the other codecs, times included, for images of the same name "
        "at the same settings; Daub is always measured, and so are files whose rows lack SSIMULACRA2 and FLIP, where "
        "these can be had",
    )  # fmt: skip
    rd.add_argument(
        "--published", action="store_true",
        help="beside them, what has been published of other codecs on 2D Gaussians for the 24 Kodak images",
    )  # fmt: skip
    rd.add_argument("--csv", metavar="FILE", help="write a row for every file that was measured")
    rd.add_argument("--plot", metavar="FILE.png", help="draw the curves")
    add_replacing(rd)

    effort = command(kinds, "effort", _bench_effort, "time and rate-distortion of each effort")
    effort.add_argument(
        "--gaussians", type=positive, nargs="+", default=[1300, 2500, 5000], metavar="N",
        help="the sweep, fitted per 768x512 pixels; files leave out those that are not worth their bits",
    )  # fmt: skip
    effort.add_argument(
        "--efforts", type=int, choices=range(len(EFFORTS)), nargs="+", default=range(len(EFFORTS)), metavar="E",
        help=f"those to measure (default: all); {DEFAULT_EFFORT} always is, as the others are compared with it",
    )  # fmt: skip
    methods = command(
        kinds, "methods", _bench_methods, "fits by the methods of the literature, see codec/profiles/METHODS.md"
    )
    which = methods.add_mutually_exclusive_group()
    which.add_argument("--profiles", nargs="+", metavar="NAME|FILE.toml", help="those to measure (default: all named)")
    which.add_argument(
        "--ablation", metavar="NAME",
        help="profiles that differ in one part: densification, filter, quantisers, bit-depths or sampling",
    )  # fmt: skip
    counts = methods.add_mutually_exclusive_group()
    counts.add_argument("--gaussians", type=positive, default=5000, metavar="N")
    counts.add_argument(
        "--ratio", type=factor, metavar="CR", help="as many as SmartSplat does for a compression ratio: 3 H W / (7 CR)"
    )  # fmt: skip
    methods.add_argument("--steps", type=positive, default=1000, metavar="S")
    methods.add_argument(
        "--measure", choices=("both", "fits", "files"),
        help="fits without quantisation, files of fits with it, or both (default: both; an ablation: what it is about)",
    )  # fmt: skip
    prior = command(
        kinds, "prior", _bench_prior,
        "what restoring files brings, part by part, see codec/restoration/LEARNED.md",
    )  # fmt: skip
    prior.add_argument(
        "--gaussians", type=positive, nargs="+", default=[1200, 2500, 5000, 8000], metavar="N",
        help="the sweep, fitted per 768x512 pixels (default: 1200 2500 5000 8000)",
    )  # fmt: skip
    prior.add_argument(
        "--profiles", nargs="+", metavar="NAME|FILE.toml",
        default=["native", "gaussianimage-cholesky", "gaussianimage++"],
        help="that the files are made by (default: native gaussianimage-cholesky gaussianimage++)",
    )  # fmt: skip
    prior.add_argument(
        "--effort", type=int, choices=range(len(EFFORTS)), default=DEFAULT_EFFORT, metavar="E",
        help="of native files (default: %(default)s)",
    )  # fmt: skip
    prior.add_argument("--steps", type=positive, default=1000, metavar="S", help="of the fits by other profiles")
    prior.add_argument(
        "--refine", type=natural, default=20, metavar="S",
        help="steps of the refinement; 0 leaves that part out (default: %(default)s)",
    )  # fmt: skip
    prior.add_argument("--csv", metavar="FILE", help="write a row for every file and part")
    add_replacing(prior)
    large = command(kinds, "large", _bench_large, "seconds and memory of photos of many megapixels")
    large.add_argument(
        "--megapixels", type=factor, nargs="+", default=[12.0, 33.0], metavar="MP",
        help="images are resampled to so many million pixels (default: 12 33)",
    )  # fmt: skip
    large.add_argument("--quality", type=float, default=DEFAULT_GOAL.value, metavar="Q")
    add_effort(large)
    hands = command(kinds, "hands", _bench_hands, "what the window takes for edits of many Gaussians, and to undo them")
    hands.add_argument("--gaussians", type=positive, default=50_000, metavar="N")
    hands.add_argument("--size", type=positive, nargs=2, default=[1920, 1280], metavar="PX", help="width and height")
    hands.add_argument("--repeats", type=positive, default=5, metavar="R", help="the median is told (%(default)s)")
    splats = command(kinds, "splats", _bench_splats, "pictures of 3D scenes and their gradients, part by part")
    splats.add_argument("scenes", type=Path, nargs="+", metavar="SCENE", help="files of scenes")
    splats.add_argument("--size", type=positive, nargs=2, default=[800, 800], metavar="PX", help="width and height")
    splats.add_argument("--views", type=positive, default=4, metavar="V", help="made around each (%(default)s)")
    splats.add_argument("--repeats", type=positive, default=10, metavar="R", help="the least is told (%(default)s)")
    scene = command(kinds, "scene", _bench_scene, "what 3D scenes take by each codec, and how they look then")
    scene.add_argument("files", nargs="+", metavar="IN", help="scenes, of any format that daub scene reads")
    scene.add_argument("--psnr", type=float, nargs="+", default=[40.0, 35.0], metavar="DB", help="of the .daub files")
    scene.add_argument("--views", type=positive, default=24, metavar="N", help="that they are made for (%(default)s)")
    scene.add_argument("--longest", type=positive, default=800, metavar="PX", help="longer side of them (%(default)s)")
    scene.add_argument("--ssimulacra2", action="store_true", help="measure that as well, some seconds a file")
    scene.add_argument(
        "--prior", action="store_true",
        help="instead, what restoring from residuals of views and by the network brings, part by part, at equal bytes",
    )  # fmt: skip
    scene.add_argument(
        "--photos", metavar="FOLDER",
        help="of photos and cameras that the scenes are of: PSNR against every eighth of them, from its camera",
    )  # fmt: skip
    scene.add_argument(
        "--keep", metavar="FOLDER", help="with --prior: keep there what has been measured, and go on from it next time"
    )
    scene.add_argument("--csv", metavar="FILE", help="write a row for every file that was measured")
    add_replacing(scene)
    batch = command(kinds, "batch", _bench_batch, "what several processes encode in a second, against one")
    batch.add_argument(
        "--jobs", type=positive, nargs="+", metavar="N", help="numbers of processes (default: 1 2 4 ... to all cores)"
    )
    batch.add_argument("--each", type=positive, default=8, metavar="F", help="files for each process (%(default)s)")
    batch.add_argument("--repeats", type=positive, default=3, metavar="R", help="the least is told (%(default)s)")
    batch.add_argument("--images", metavar="DIR", help="a folder of images (default: the bundled photo)")
    add_effort(batch)
    for kind in (fit, rd, effort, methods, prior, large):
        kind.add_argument("--images", metavar="DIR", help="a folder of images (default: the bundled photo)")
        add_device(kind)


def _bench_fit(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import fit as bench

    done = bench.bench_fit(arguments.images, arguments.gaussians, arguments.steps, arguments.device)
    return Result(json_text(done) if arguments.json else bench.fit_text(done))


def _bench_rd(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import rd as bench_rd
    from daub.app.bench import rd_files, rd_report
    from daub.codec.evaluation import rd_table
    from daub.codec.evaluation.perceptual import MISSING, available
    from daub.codec.evaluation.published import PUBLISHED
    from daub.render.devices import choose

    may = replacing(arguments)
    rd_files.check_outputs(arguments.csv, arguments.plot, arguments.images, arguments.reuse, may)
    rasteriser, _ = choose(arguments.device)
    earlier = rd_table.read_csv(arguments.reuse) if arguments.reuse else ()
    lacking = sum(map(bench_rd.lacks_measures, earlier))
    if lacking:
        tell([f"{arguments.reuse}: {lacking} of its rows lack SSIMULACRA2 and FLIP, so those files are measured again"])
    if not available():
        tell([MISSING])
    published = PUBLISHED if arguments.published else ()
    done = bench_rd.bench_rd(
        rasteriser, arguments.images, arguments.gaussians or rd_table.COUNTS, arguments.effort, arguments.steps,
        arguments.codecs, earlier,
        only_kodak=bool(published), tune=arguments.tune,
    )  # fmt: skip
    failures = []  # a disk that has filled up meanwhile must not take the figures along
    for write, path, *others in ((rd_table.write_csv, arguments.csv), (rd_files.plot, arguments.plot, published)):
        try:
            if path:
                write(done, path, *others, replace=may.files)
        except DaubError as error:
            failures.append(error)
    if arguments.json:
        text = json_text(rd_report.rd_json(done, earlier, published, rasteriser.name))
    else:
        text = rd_report.rd_text(done, earlier, published, rasteriser.name)
    return Result(text, tuple(failures))


def _bench_effort(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import effort as bench_effort
    from daub.render.devices import choose

    rasteriser, _ = choose(arguments.device)
    done = bench_effort.bench_effort(rasteriser, arguments.images, arguments.gaussians, arguments.efforts)
    if arguments.json:
        return Result(json_text(bench_effort.effort_json(done, rasteriser.name)))
    return Result(bench_effort.effort_text(done, rasteriser.name))


def _bench_methods(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import methods as bench_methods
    from daub.codec.profiles.ablations import load_ablation
    from daub.codec.profiles.profile import PROFILES
    from daub.codec.profiles.profile_file import load_profile

    if arguments.ablation:
        ablation = load_ablation(arguments.ablation)
        profiles, measure = ablation.profiles, "files" if ablation.of_files else "fits"
    else:
        profiles, measure = [load_profile(name) for name in arguments.profiles or PROFILES], "both"
    done = bench_methods.bench_methods(
        arguments.images, profiles, arguments.gaussians, arguments.ratio, arguments.steps, arguments.device,
        arguments.measure or measure,
    )  # fmt: skip
    return Result(json_text(done) if arguments.json else bench_methods.methods_text(done))


def _bench_prior(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import prior, prior_report, rd_files
    from daub.codec.evaluation import rd_table
    from daub.codec.evaluation.perceptual import MISSING, available
    from daub.codec.profiles.profile_file import load_profile
    from daub.render.devices import choose

    may = replacing(arguments)
    rd_files.check_outputs(arguments.csv, None, arguments.images, None, may)
    rasteriser, _ = choose(arguments.device)
    if not available():
        tell([MISSING])
    profiles = [load_profile(name) for name in arguments.profiles]
    settings = prior.PriorSettings(
        arguments.gaussians, profiles, arguments.effort, arguments.steps, arguments.refine
    )  # fmt: skip
    done = prior.bench_prior(rasteriser, arguments.images, settings)
    failures = []
    try:
        if arguments.csv:
            rd_table.write_csv(done, arguments.csv, replace=may.files)
    except DaubError as error:
        failures.append(error)
    if arguments.json:
        text = json_text(prior_report.prior_json(done, rasteriser.name))
    else:
        text = prior_report.prior_text(done, rasteriser.name)
    return Result(text, tuple(failures))


def _bench_large(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import large

    goal = Goal(GoalKind.QUALITY, arguments.quality)
    settings = EncodeSettings(goal, arguments.effort, arguments.steps)
    done = large.bench_large(arguments.images, arguments.megapixels, settings, arguments.device, arguments.threads)
    return Result(json_text(done) if arguments.json else large.large_text(done))


def _bench_batch(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import batch

    settings = EncodeSettings(effort=arguments.effort, steps=arguments.steps)
    jobs = arguments.jobs or batch.usual_jobs()
    done = batch.bench_batch(arguments.images, jobs, arguments.each, arguments.repeats, settings)
    return Result(json_text(done) if arguments.json else batch.batch_text(done))


def _bench_hands(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import hands

    done = hands.bench_hands(arguments.gaussians, *arguments.size, arguments.repeats)
    return Result(json_text(done) if arguments.json else hands.hands_text(done))


def _bench_splats(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import splats

    done = splats.bench_splats(arguments.scenes, *arguments.size, arguments.views, arguments.repeats)
    return Result(json_text(done) if arguments.json else splats.splats_text(done))


def _bench_scene(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import scene_prior, scenes
    from daub.app.terminal import ProgressLine
    from daub.codec.evaluation.perceptual import MISSING, available
    from daub.codec.targets import check_target

    may = replacing(arguments)
    if arguments.csv:
        check_target(arguments.csv, arguments.files, may)
    if arguments.ssimulacra2 and not available():
        tell([MISSING])
        arguments.ssimulacra2 = False
    with ProgressLine() as line:
        if arguments.prior:
            size = arguments.views, arguments.longest
            done = scene_prior.bench_scene_prior(arguments.files, *size, line.advance, arguments.keep)
            text = scene_prior.scene_prior_text(done)
        else:
            setting = scenes.SceneSetting(
                arguments.psnr, arguments.views, arguments.longest, arguments.ssimulacra2, arguments.photos
            )
            done = scenes.bench_scenes(arguments.files, setting, line.advance)
            text = scenes.scenes_text(done)
    if arguments.csv:
        scenes.write_csv(done["rows"], arguments.csv, replace=may.files)
    return Result(json_text(done) if arguments.json else text)
