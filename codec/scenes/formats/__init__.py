"""The formats of scenes, a module for each, between bytes and `Splats`; `SCENE_FORMATS.md` says what is in them.

    ply | ply_header                PLY of INRIA, read and written
    compressed_ply | ..._writer     that of PlayCanvas, read and written
    spz                             Niantic's, read and written
    sog | sog_writer | sog_levels   PlayCanvas's, read and written; and read in several parts, as it is streamed
    gltf | gltf_writer              glTF with KHR_gaussian_splatting, read and written
    splat | ksplat                  read only
    codebook | palette | morton     what the writer of SOG is made of

`read` takes bytes and gives a scene and remarks on it, `pieces` takes a scene and gives bytes; both raise `Refused`.
"""
