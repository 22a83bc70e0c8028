"""From map references to latitude and longitude.

The postcode list gives metres east and north: on the British National Grid, and on the Irish Grid for Northern Ireland.
The formulas are those of the Ordnance Survey's "Guide to coordinate systems in Great Britain" (annexes B and C). The
Helmert shift is good to about five metres, far finer than anything that we show.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin, sqrt, tan


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """`a` and `b` are half the axes in metres."""

    a: float
    b: float

    @property
    def e2(self) -> float:
        return 1 - (self.b / self.a) ** 2


@dataclass(frozen=True, slots=True)
class Shift:
    """A Helmert shift to WGS 84: metres, seconds of arc, parts per million."""

    tx: float
    ty: float
    tz: float
    rx: float
    ry: float
    rz: float
    scale_ppm: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A transverse Mercator grid: its ellipsoid, scale, true origin in degrees and false origin in metres."""

    ellipsoid: Ellipsoid
    scale: float
    latitude: float
    longitude: float
    easting: float
    northing: float
    shift: Shift


WGS84 = Ellipsoid(6378137.0, 6356752.314245)

BRITISH = Grid(
    ellipsoid=Ellipsoid(6377563.396, 6356256.909),
    scale=0.9996012717,
    latitude=49.0,
    longitude=-2.0,
    easting=400_000.0,
    northing=-100_000.0,
    shift=Shift(446.448, -125.157, 542.060, 0.1502, 0.2470, 0.8421, -20.4894),
)
IRISH = Grid(
    ellipsoid=Ellipsoid(6377340.189, 6356034.448),
    scale=1.000035,
    latitude=53.5,
    longitude=-8.0,
    easting=200_000.0,
    northing=250_000.0,
    shift=Shift(482.530, -130.596, 564.557, -1.042, -0.214, -0.631, 8.150),
)


def to_degrees(easting: float, northing: float, grid: Grid = BRITISH) -> tuple[float, float]:
    """Latitude and longitude (WGS 84) of a point on `grid`."""
    latitude, longitude = _unproject(easting, northing, grid)
    return _shifted(latitude, longitude, grid)


def _meridional_arc(grid: Grid, latitude: float) -> float:
    a, b = grid.ellipsoid.a, grid.ellipsoid.b
    n = (a - b) / (a + b)
    origin = radians(grid.latitude)
    difference, total = latitude - origin, latitude + origin
    return (
        b
        * grid.scale
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * difference
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(difference) * cos(total)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * difference) * cos(2 * total)
            - 35 / 24 * n**3 * sin(3 * difference) * cos(3 * total)
        )
    )


def _unproject(easting: float, northing: float, grid: Grid) -> tuple[float, float]:
    """Latitude and longitude in radians on the grid's own ellipsoid."""
    a, e2 = grid.ellipsoid.a, grid.ellipsoid.e2
    latitude = radians(grid.latitude)
    rest = northing - grid.northing
    while abs(rest) >= 0.00001:
        latitude += rest / (a * grid.scale)
        rest = northing - grid.northing - _meridional_arc(grid, latitude)
    nu = a * grid.scale / sqrt(1 - e2 * sin(latitude) ** 2)
    rho = a * grid.scale * (1 - e2) / (1 - e2 * sin(latitude) ** 2) ** 1.5
    eta2 = nu / rho - 1
    t, secant = tan(latitude), 1 / cos(latitude)
    d = easting - grid.easting
    vii = t / (2 * rho * nu)
    viii = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    ix = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    x = secant / nu
    xi = secant / (6 * nu**3) * (nu / rho + 2 * t**2)
    xii = secant / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    xiia = secant / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    return (
        latitude - vii * d**2 + viii * d**4 - ix * d**6,
        radians(grid.longitude) + x * d - xi * d**3 + xii * d**5 - xiia * d**7,
    )


def _shifted(latitude: float, longitude: float, grid: Grid) -> tuple[float, float]:
    """From the grid's ellipsoid to WGS 84, in degrees."""
    a, e2 = grid.ellipsoid.a, grid.ellipsoid.e2
    nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
    x = nu * cos(latitude) * cos(longitude)
    y = nu * cos(latitude) * sin(longitude)
    z = (1 - e2) * nu * sin(latitude)

    shift = grid.shift
    rx, ry, rz = (radians(seconds / 3600) for seconds in (shift.rx, shift.ry, shift.rz))
    s = 1 + shift.scale_ppm / 1_000_000
    x, y, z = (
        shift.tx + s * x - rz * y + ry * z,
        shift.ty + rz * x + s * y - rx * z,
        shift.tz - ry * x + rx * y + s * z,
    )

    a, e2 = WGS84.a, WGS84.e2
    p = sqrt(x**2 + y**2)
    latitude = atan2(z, p * (1 - e2))
    for _ in range(5):
        nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
        latitude = atan2(z + e2 * nu * sin(latitude), p)
    return degrees(latitude), degrees(atan2(y, x))
