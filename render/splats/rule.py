"""How a scene becomes a picture: the rule that all backends follow, stated once.

Projection (Zwicker et al., EWA Splatting, 2002; Kerbl et al. 2023, section 4). The mean lies at t in the camera;
Gaussians with t_z < NEAR are left out. With W the rotation of the camera, V = W R diag(exp(s)) and

    J = [[fx/t_z, 0, -fx a/t_z], [0, fy/t_z, -fy b/t_z]],    a = t_x/t_z, b = t_y/t_z,

where a and b are held, for J alone, to what the picture sees and MARGIN / 2 of its width or height more on each side
(far outside it the linear approximation would smear Gaussians over the picture), the covariance in the picture is

    Sigma' = J V (J V)^T + DILATION I,

in pixels squared. DILATION makes every Gaussian about a pixel wide. Scenes that are `antialiased` have their opacity
multiplied by sqrt(max(det(J V (J V)^T) / det(Sigma'), LEAST_COMPENSATION)) for it.

Falling off: with d from the projected mean to the centre of a pixel and q = d^T Sigma'^-1 d,

    alpha = min(MOST_ALPHA, o exp(-q/2))    where q <= 2 ln(o / LEAST_ALPHA),    0 elsewhere:

a Gaussian ends where its alpha falls below LEAST_ALPHA, and nowhere else; which tile a pixel is in does not matter.

Blending, front to back by t_z as float32, and by index where that is the same; T begins with 1:

    stop before the first Gaussian that would leave T (1 - alpha) < LEAST_TRANSMITTANCE,
    picture += colour alpha T,    T *= 1 - alpha,

and at the end picture += background T. Pictures are not clamped.

A Gaussian with a projected mean or standard deviation, in pixels, or a colour that is beyond LARGEST or no number is
left out: no input makes a picture that is not finite.

Gradients are those of these formulas, with the choices as they fell: where alpha is held at MOST_ALPHA, a colour at
zero or a, b at their bounds, nothing passes; and none comes from the edge of a Gaussian, or from where a pixel stops.
"""

NEAR = 0.01  # least depth t_z, in the scene's lengths
MARGIN = 0.3  # of half the picture, by which a and b may lie outside of it
DILATION = 0.3  # pixels squared
LEAST_ALPHA = 1 / 255
MOST_ALPHA = 0.99
LEAST_TRANSMITTANCE = 1e-4
LEAST_COMPENSATION = 0.005**2  # of the determinants' ratio
LARGEST = 1e18  # of projected means, standard deviations and colours
