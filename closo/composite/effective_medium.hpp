/// Effective-medium laws: closed formulas for the conductivity of mixtures, real or complex.
///
/// Every law takes conductivities [S/m] and volume fractions and gives the effective conductivity [S/m]; with complex
/// numbers κ = σ + iωε ε0 it is the law's AC form. Conductivities of 0 are allowed and mean exact limits. Each function
/// names its validity and source. Nothing here knows temperature: callers evaluate each phase's own Arrhenius law
/// first.
///
/// All throw ParameterError for conductivities that are negative or not finite, fractions outside [0, 1] or, of several
/// phases, fractions that do not sum to 1 within 1e-9 or are not one per conductivity.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <utility>

namespace closo::composite {

using Complex = std::complex<double>;

/// Wiener bounds: layers across (harmonic mean) and along (arithmetic mean) the field. Valid for any mixture.
/// O. Wiener, Abh. Math.-Phys. Kl. Sächs. Ges. Wiss. 32 (1912) 507.
std::pair<double, double> wiener_bounds(std::span<const double> conductivities, std::span<const double> fractions);
/// The same means of complex numbers; each is exact for its layers at every frequency.
Complex layers_across(std::span<const Complex> conductivities, std::span<const double> fractions);
Complex layers_along(std::span<const Complex> conductivities, std::span<const double> fractions);

/// Hashin–Shtrikman bounds of a statistically isotropic 3D mixture of any number of phases; phases without a share do
/// not count. Z. Hashin, S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, DOI 10.1063/1.1728579.
std::pair<double, double> hashin_shtrikman_bounds(std::span<const double> conductivities,
                                                  std::span<const double> fractions);

/// Spheres of `inclusion` that do not touch, in `matrix`: dilute to moderate fractions; exact for the coated-sphere
/// assemblage, where it is one of the Hashin–Shtrikman bounds. J. C. Maxwell Garnett, Phil. Trans. R. Soc. A 203 (1904)
/// 385, DOI 10.1098/rsta.1904.0024.
Complex maxwell_garnett(Complex matrix, Complex inclusion, double inclusion_fraction);

/// Symmetric (Bruggeman) medium of any number of phases in d ≥ 1 dimensions: grains of all phases alike, moderate
/// contrast or far from the threshold (a phase conducts through at a share above 1/d). D. A. G. Bruggeman, Ann. Phys.
/// 416 (1935) 636, DOI 10.1002/andp.19354160705.
double bruggeman(std::span<const double> conductivities, std::span<const double> fractions, double dimension = 3.0);
/// The only root in the sector that the phases span. Throws: ParameterError when they span half a turn or more (no root
/// is then singled out); NumericsError when the root is not found.
Complex bruggeman(std::span<const Complex> conductivities, std::span<const double> fractions, double dimension = 3.0);

/// Asymmetric (differential) medium: spheres of all sizes added in infinitesimal steps, so that the matrix stays
/// connected; (s−s_i)/(s_m−s_i)·(s_m/s)^(1/3) = 1 − f. Bruggeman 1935, as above.
double differential_medium(double matrix, double inclusion, double inclusion_fraction);

/// Conductivity of a sphere (core) with a shell, seen as one homogeneous sphere: s_sh (1 + 2 b c)/(1 − b c), with b =
/// (core − shell)/(core + 2 shell) and c = (R/(R + t))³; lengths [m]. Exact. Throws: ParameterError also for negative
/// lengths or both 0.
Complex coated_sphere(Complex core, Complex shell, double core_radius, double shell_thickness);

/// Three-phase interphase law for dispersed oxides: filler spheres with a conducting layer are one sphere each
/// (coated_sphere), and those fill the share f/c of the composite. As long as that is below 1 they are mixed with the
/// bulk, by Maxwell–Garnett (layers hardly touch) or symmetrically (`bruggeman_mixing`: the coated spheres percolate
/// from a share of 1/3). From f = c on, where σ has its maximum, no bulk is left: filler in a matrix of interphase
/// (Maxwell–Garnett; continuous at f = c). Below c, Maxwell–Garnett knows interphase and thickness only by one number,
/// the polarisability of the coated sphere over c: such points alone cannot tell them apart. Outside of the law: voids,
/// filler contacts, aggregates, unwetted surface; they move the maximum to lower fractions and end conduction before f
/// = 1. After C.-W. Nan, D. M. Smith, Mater. Sci. Eng. B 10 (1991) 99, DOI 10.1016/0921-5107(91)90115-C; C.-W. Nan,
/// Prog. Mater. Sci. 37 (1993) 1.
struct CoatedFiller {
  double bulk = 1.0, interphase = 1e3, filler = 1e-9;  ///< S/m
  double radius = 5e-9, thickness = 1e-9;              ///< m
  bool bruggeman_mixing = false;
};
/// Throws: ParameterError also for a radius that is not above 0 or a negative thickness.
double coated_filler_conductivity(const CoatedFiller& filler, double filler_fraction);
/// c = (R/(R + t))³, the filler fraction where all conductor has become interphase. Throws: as above.
double touching_fraction(double radius, double thickness);

/// Cubic grains of side D with boundaries of thickness d between them: columns of grain and boundary in series, beside
/// them boundary along the field (brick layer, period D + d; straight current lines, so a lower bound of that
/// geometry); lengths [m]. A. Bonanos, B. C. H. Steele, E. P. Butler, in Impedance Spectroscopy (Wiley, 1987), chap. 4.
/// Throws: ParameterError also for a grain size that is not above 0 or a negative thickness.
Complex brick_layer(Complex grain, Complex boundary, double grain_size, double boundary_thickness);

/// Random resistor network of the dispersed ionic conductor in its effective-medium form: cubic cells of conductor and
/// insulator, bonds along the cell edges, each shared by four cells; all conductor: bulk bond, all insulator:
/// insulating bond, else interface bond. With the bond shares (1−p)⁴, p⁴ and the rest in the single-bond effective
/// medium of the cubic lattice the two thresholds (interface path opens, all conduction ends) come out at p = 0.0964
/// and 0.9036 for ideal bonds, within 0.002 of those of the network itself (resistor_network.hpp). Neighbouring bonds
/// count as independent, which makes it too high: by a fifth at most for p from 0.3 to 0.7 or interface bonds up to 10
/// times the bulk and p up to 0.7, by up to twice near the thresholds. Conductances as conductivities [S/m]. H. E.
/// Roman, A. Bunde, W. Dieterich, Phys. Rev. B 34 (1986) 3439, DOI 10.1103/PhysRevB.34.3439; effective medium: S.
/// Kirkpatrick, Rev. Mod. Phys. 45 (1973) 574, DOI 10.1103/RevModPhys.45.574.
struct ResistorNetwork {
  double bulk = 1.0, interface = 10.0, insulator = 0.0;
};
double resistor_network_effective_medium(const ResistorNetwork& network, double insulator_fraction);

/// General mixing rule s^m = Σ f s^m, m from −1 (layers across) over 0 (geometric mean, Lichtenecker) to 1 (layers
/// along); an interpolation without a geometry. K. Lichtenecker, Phys. Z. 27 (1926) 115. Throws: ParameterError also
/// for m outside [−1, 1].
double mixing_rule(std::span<const double> conductivities, std::span<const double> fractions, double exponent);

/// Two-phase percolation law of McLachlan's general effective media equation: Bruggeman's form with the threshold and
/// exponent of the mixture at hand (fitted or from a percolation model); 1/3 and 1 give Bruggeman. D. S. McLachlan, J.
/// Phys. C 20 (1987) 865, DOI 10.1088/0022-3719/20/7/004. Throws: ParameterError also for a threshold of `high` outside
/// (0, 1) or an exponent that is not above 0.
double general_effective_medium(double low, double high, double high_fraction, double threshold, double exponent);

}  // namespace closo::composite
