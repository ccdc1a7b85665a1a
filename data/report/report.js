// The moving parts of the report page: figures, sortable tables, sources on hover and focus, details opened on paper.
(() => {
  'use strict';

  // Figures ----------------------------------------------------------------------------------------------------------
  const report = JSON.parse(document.getElementById('closo-report').textContent);
  const specifications = new Map();
  for (const section of report.sections) {
    for (const block of section.blocks) {
      if (block.type === 'figure') specifications.set(block.id, block.figure);
    }
  }

  // The figure as wide as its column; the page already shows its title.
  const fitted = (specification, element) => {
    const available = element.clientWidth;
    const fit = structuredClone(specification);
    delete fit.title;
    if (!fit.usermeta?.height) fit.height = Math.round(Math.min(fit.height, Math.max(260, available * 0.8)));
    fit.width = 'container';
    const legend = fit.config.legend;
    if (available < 480) {
      legend.columns = 1;
      fit.config.axisY = { labelLimit: Math.round(available * 0.4) };
    }
    legend.labelLimit = Math.max(120, available / legend.columns - 60);
    return fit;
  };

  // A drawing keeps its aspect at whatever width it finds.
  const inAspect = ({ usermeta, width, height }) => (vega) => {
    if (usermeta?.height !== 'aspect') return vega;
    delete vega.height;
    vega.signals = [...(vega.signals ?? []), { name: 'height', update: `width * ${height / width}` }];
    return vega;
  };

  const draw = async (element) => {
    const id = element.dataset.figure;
    const specification = specifications.get(id);
    try {
      // The interpreter (ast) evaluates expressions without eval, which the page's security policy forbids.
      await vegaEmbed(element, fitted(specification, element), {
        ast: true,
        patch: inAspect(specification),
        renderer: 'svg',
        downloadFileName: id,
        actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false },
      });
    } catch (error) {
      element.classList.add('failed');
      element.textContent = `This figure could not be drawn: ${error.message}`;
      console.error(error);
    }
  };

  // Tables -----------------------------------------------------------------------------------------------------------
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

  // Numbers before words before empty cells, in either direction.
  const compare = (a, b, sign) => {
    if (a.rank !== b.rank) return a.rank - b.rank;
    if (a.rank === 0) return sign * (a.number - b.number);
    return sign * collator.compare(a.text, b.text);
  };

  const key = (cell) => {
    const text = cell.textContent.trim();
    const raw = cell.dataset.sort;
    if (raw) return { rank: 0, number: Number(raw), text };
    return { rank: raw === '' || text === '' ? 2 : 1, number: 0, text };
  };

  const sort = (button) => {
    const head = button.closest('th');
    const body = head.closest('table').tBodies[0];
    const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
    const rows = Array.from(body.rows, (row) => ({ row, key: key(row.cells[head.cellIndex]) }));
    rows.sort((a, b) => compare(a.key, b.key, sign));
    body.append(...rows.map((entry) => entry.row));
    for (const other of head.parentElement.cells) other.setAttribute('aria-sort', 'none');
    head.setAttribute('aria-sort', sign === 1 ? 'ascending' : 'descending');
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('.data th button');
    if (button) sort(button);
  });

  // Sources ----------------------------------------------------------------------------------------------------------
  const tip = document.createElement('div');
  tip.id = 'tip';
  tip.role = 'tooltip';
  tip.hidden = true;
  document.body.append(tip);
  for (const value of document.querySelectorAll('.value[title]')) {
    value.dataset.tip = value.title;
    value.removeAttribute('title');
    value.setAttribute('aria-describedby', 'tip');
  }

  const show = (value) => {
    tip.textContent = value.dataset.tip;
    tip.hidden = false;
    const place = value.getBoundingClientRect();
    const left = Math.min(place.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
    const below = place.bottom + tip.offsetHeight + 8 < window.innerHeight;
    tip.style.left = `${Math.max(8, left) + window.scrollX}px`;
    tip.style.top = `${(below ? place.bottom + 6 : place.top - tip.offsetHeight - 6) + window.scrollY}px`;
  };
  const hide = () => { tip.hidden = true; };
  for (const [enter, leave] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
    document.addEventListener(enter, (event) => {
      const value = event.target.closest('.value[data-tip]');
      if (value) show(value);
    });
    document.addEventListener(leave, (event) => {
      if (event.target.closest('.value[data-tip]')) hide();
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
  });

  // Paper ------------------------------------------------------------------------------------------------------------
  let opened = [];
  const open = () => {
    opened.push(...document.querySelectorAll('main > details:not([open])'));
    for (const details of opened) details.open = true;
  };
  const close = () => {
    for (const details of opened) details.open = false;
    opened = [];
  };
  window.addEventListener('beforeprint', open);
  window.addEventListener('afterprint', close);
  window.matchMedia('print').addEventListener('change', (media) => (media.matches ? open() : close()));

  Promise.all(Array.from(document.querySelectorAll('.plot'), draw)).then(() => {
    document.documentElement.dataset.ready = 'true';
  });
})();
