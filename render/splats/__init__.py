"""3D Gaussian scenes become pictures, seen through a pinhole camera.

    camera | splats                     what is seen, and from where; every convention is stated there, once
"""
