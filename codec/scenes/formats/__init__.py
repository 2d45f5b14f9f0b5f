"""The formats of scenes, a module for each, between bytes and `Splats`; `SCENE_FORMATS.md` says what is in them.

    ply | compressed_ply            PLY of INRIA and of PlayCanvas; ply_header reads what they share
    spz                             Niantic's, read and written
    sog | sog_writer                PlayCanvas's, read and written
    gltf | gltf_writer              glTF with KHR_gaussian_splatting, read and written
    splat | ksplat                  read only
    codebook | palette | morton     what the writer of SOG is made of

`read` takes bytes and gives a scene and remarks on it, `pieces` takes a scene and gives bytes; both raise `Refused`.
"""
