"""Encode, decode, describe, compare, edit files: a request in, a result out, nothing of how it is asked for or printed.

    device = OpenDevice("auto")
    for name in names:
        encode_file(EncodeRequest(f"{name}.png", f"{name}.daub"), device)

Results whose fields are the keys of `--json` hold nothing else, in that order. Each task has a module of its own:

encoding, decoding, describing, comparing, editing    one task each
comparison                                            one image beside its reference
reading                                               an image or a .daub as pixels
device                                                where it is worked out, opened once
telling                                               how it is told what goes on
"""
