"""3D Gaussian scenes in files: read from all usual formats into one `Splats`, and written.

    scene_files                     the front door: read_scene, write_scene, the table of formats
    scene                           what a file has held
    told                            whether a file is a scene at all
    coding                          Daub's own, from views to bytes and back
    training                        scenes from photos
    formats | cameras               a module for each format; the cameras of a scene, of a file or made
    initial                         codecs behind one protocol: Daub's own, and others
    view_scores                     how like a scene another one looks
    turning | film                  pictures all around a scene, as images or as an MP4
    importance                      which Gaussians matter, without looking
    joining                         parts as one
    fewer                           a scene with fewer Gaussians, for pictures that must come soon
    axes | claims                   from the axes of a file to ours; what a file may promise
    adam | rotations                steps down a gradient; quaternions of many Gaussians

The conventions of a scene are those of `daub.render.splats.splats`, those of a camera of `daub.render.splats.camera`.
All readers are numpy over the bytes: a library, gsply, reads four of the formats and is what the tests compare with,
but would want most of the headers parsed before it can be trusted with them (it shifts columns where a property is
no float32, and reads past a short codebook), and compiles its kernels on import.
"""
