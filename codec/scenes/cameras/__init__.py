"""The cameras of a scene: read from beside it, or made where there are none.

    beside                          which file of cameras belongs to a scene; `read_cameras`
    colmap | camera_lists           the models of COLMAP, text and binary; transforms.json and the cameras.json
    colmap_points                   the points that COLMAP has found along with them
    made                            views of a scene that has none
    intrinsics                      what pinhole cameras of all of them have in common

All become `Camera`, whose conventions stand in `daub.render.splats.camera`.
"""
