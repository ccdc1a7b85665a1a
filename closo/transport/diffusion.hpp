/// Diffusion and conductivity: Nernst-Einstein, Haven ratio, jump diffusion with entropies, defect concentrations.
///
/// Independent carriers in the dilute picture; correlations between ions enter only through the Haven ratio.
/// Source: Y. Pang et al., Adv. Mater. 30 (2018) 1803533, DOI 10.1002/adma.201803533, sec. 2.2.4, eq. 2 (the exponent
/// there is damaged; the form here is exp(dS/k) exp(-Ea/kT)) and eq. 3; Nernst-Einstein and Frenkel pairs as in J.
/// Maier, Physical Chemistry of Ionic Materials, Wiley (2004), DOI 10.1002/0470020229.
#pragma once

namespace closo::transport {

/// sigma = n (z e)² D / (k T) [S/m]; carrier density [1/m³], charge number z, diffusion coefficient [m²/s], temperature
/// [K]. Throws: ParameterError on densities, coefficients or temperatures that are not positive, or a zero charge.
double nernst_einstein_conductivity(double carrier_density, double charge_number, double diffusion_coefficient,
                                    double temperature);

/// Its inverse: the conductivity diffusion coefficient [m²/s]. Throws: as above.
double nernst_einstein_diffusion(double carrier_density, double charge_number, double conductivity, double temperature);

/// Haven ratio: tracer over conductivity diffusion coefficient. Throws: ParameterError unless both are positive.
double haven_ratio(double tracer_diffusion, double conductivity_diffusion);

/// A thermally activated jump process.
struct JumpDiffusion {
  double geometric_factor = 1.0;   ///< f: 1/6 for isotropic jumps in three dimensions, times the correlation factor
  double jump_length = 0.0;        ///< m
  double attempt_frequency = 0.0;  ///< 1/s
  double entropy_over_k = 0.0;     ///< configurational and vibrational entropy of the jump over k
  double activation_energy_eV = 0.0;
};

/// D = f a² nu exp(dS/k) exp(-Ea/kT) [m²/s]. Throws: ParameterError unless T, a, nu and f are positive.
double diffusion_coefficient(const JumpDiffusion& jump, double temperature);

/// S/k = ln C(sites, ions): configurational entropy of ions on sites. Real arguments, so that 1e23 sites are as good as
/// 20; relative accuracy 1e-12. Throws: ParameterError unless 0 <= ions <= sites.
double configurational_entropy(double sites, double ions);

/// Frenkel pairs n = sqrt(N N') exp(-Ef/2kT) [1/m³]; densities of regular and interstitial sites [1/m³].
/// Throws: ParameterError unless the densities and the temperature are positive.
double frenkel_pair_density(double site_density, double interstitial_density, double formation_energy_eV,
                            double temperature);

}  // namespace closo::transport
