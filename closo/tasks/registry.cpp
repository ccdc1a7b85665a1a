// The table of tasks: every skin is generated from it. One line per task.
#include "closo/tasks/arrhenius.hpp"
#include "closo/tasks/capacity.hpp"
#include "closo/tasks/cell_cycle.hpp"
#include "closo/tasks/cell_design.hpp"
#include "closo/tasks/cell_eis.hpp"
#include "closo/tasks/cell_fit.hpp"
#include "closo/tasks/cell_rate.hpp"
#include "closo/tasks/cell_simulate.hpp"
#include "closo/tasks/cell_sweep.hpp"
#include "closo/tasks/cell_symmetric.hpp"
#include "closo/tasks/composite_conductivity.hpp"
#include "closo/tasks/composite_fit.hpp"
#include "closo/tasks/composite_generate.hpp"
#include "closo/tasks/composite_impedance.hpp"
#include "closo/tasks/composite_laws.hpp"
#include "closo/tasks/composite_optimise.hpp"
#include "closo/tasks/composite_scan.hpp"
#include "closo/tasks/composition.hpp"
#include "closo/tasks/evaluate.hpp"
#include "closo/tasks/impedance_drt.hpp"
#include "closo/tasks/impedance_fit.hpp"
#include "closo/tasks/impedance_series.hpp"
#include "closo/tasks/impedance_simulate.hpp"
#include "closo/tasks/impedance_validate.hpp"
#include "closo/tasks/library_batches.hpp"
#include "closo/tasks/library_check.hpp"
#include "closo/tasks/library_export.hpp"
#include "closo/tasks/library_find.hpp"
#include "closo/tasks/library_import.hpp"
#include "closo/tasks/library_list.hpp"
#include "closo/tasks/library_plot.hpp"
#include "closo/tasks/library_remove.hpp"
#include "closo/tasks/library_show.hpp"
#include "closo/tasks/stability_diagram.hpp"
#include "closo/tasks/stability_hull.hpp"
#include "closo/tasks/stability_interface.hpp"
#include "closo/tasks/stability_matrix.hpp"
#include "closo/tasks/stability_react.hpp"
#include "closo/tasks/stability_vacancy.hpp"
#include "closo/tasks/stability_window.hpp"
#include "closo/tasks/task.hpp"
#include "closo/tasks/transference.hpp"

namespace closo::tasks {

std::span<const Task> tasks() {
  static const Task table[] = {
      evaluate_task,
      arrhenius_task,
      transference_task,
      composition_task,
      capacity_task,
      impedance_series_task,
      impedance_fit_task,
      impedance_validate_task,
      impedance_drt_task,
      impedance_simulate_task,
      stability_window_task,
      stability_hull_task,
      stability_diagram_task,
      stability_react_task,
      stability_interface_task,
      stability_matrix_task,
      stability_vacancy_task,
      composite_generate_task,
      composite_conductivity_task,
      composite_impedance_task,
      composite_laws_task,
      composite_scan_task,
      composite_optimise_task,
      composite_fit_task,
      cell_simulate_task,
      cell_rate_task,
      cell_cycle_task,
      cell_sweep_task,
      cell_design_task,
      cell_fit_task,
      cell_eis_task,
      cell_symmetric_task,
      library_list_task,
      library_show_task,
      library_find_task,
      library_plot_task,
      library_check_task,
      library_import_task,
      library_batches_task,
      library_remove_task,
      library_export_task,
  };
  return table;
}

}  // namespace closo::tasks
