const REFRESH_MS = 700;
const RECORD_SHOWN = 200;

/** The faults that fit each step; the server checks them again. */
const FAULTS = {
  feed: [
    'jam',
    'feederEmpty',
    'doubleFeed',
    'wrongKindInFeeder',
    'misreadSerial',
    'unreadSerial',
    'noAnswer',
  ],
  encode: ['chipSilent', 'noAnswer'],
  print: ['jam', 'ribbonOut', 'noAnswer'],
  verify: ['chipSilent', 'noAnswer'],
  present: ['jam', 'noAnswer'],
  retract: ['jam', 'binFull', 'noAnswer'],
  reject: ['jam', 'binFull', 'noAnswer'],
};
/** They strike while a blank is fed, neither before nor after. */
const WHILE_FED = ['doubleFeed', 'wrongKindInFeeder', 'misreadSerial', 'unreadSerial'];
const BAD = /jammed|Violation|Cut$|Partly|PushedOut|slotJammed/;
const GOOD = /Taken$|Restored$/;

/** What a specimen card says besides the fields asked for. */
const REST_OF_BIODATA = {
  birthPlace: 'KOTA CONTOH',
  birthDate: '01-01-1990',
  sex: 'PEREMPUAN',
  address: 'JL. CONTOH NO. 1',
  rt: '001',
  rw: '002',
  village: 'CONTOH',
  district: 'CONTOH',
  regency: 'KOTA CONTOH',
  province: 'PROVINSI CONTOH',
  religion: 'ISLAM',
  maritalStatus: 'KAWIN',
  occupation: 'WIRASWASTA',
  bloodGroup: 'O',
  nationality: 'WNI',
};

const $ = (id) => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
};

let shown = 0;
let state = null;
let drawn = '';

async function call(path, body = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  tell(answer.ok ? null : answer.reason);
  await refresh();
  return answer.ok;
}

function tell(trouble) {
  $('trouble').textContent = trouble ?? '';
  $('trouble').hidden = trouble === null;
}

const lamp = (text, on, bad = false) =>
  make('span', { className: `lamp ${bad ? 'bad' : on ? 'on' : ''}`, textContent: text });

function face(card, side) {
  const box = make('div', { className: 'face' });
  if (card[side] === 'printed') {
    box.append(make('img', { src: `/cards/${card.serial}-${side}.png`, alt: `printed ${side}` }));
  } else {
    box.textContent = card[side] === 'blank' ? `${side}: blank` : `${side}: partly printed`;
  }
  return box;
}

function cardTile(card) {
  if (card === null) return make('div', { className: 'empty', textContent: 'empty' });
  const chip =
    card.chip === null
      ? 'no chip'
      : card.chip.files.length === 0
        ? 'chip blank'
        : `chip: ${card.chip.files.map(({ file }) => file).join(', ')} written`;
  return make(
    'div',
    { className: 'card' },
    make('div', { className: 'serial', textContent: card.serial }),
    make('div', {
      className: 'small',
      textContent: `${card.kind} · batch ${card.batch} · ${chip}`,
    }),
    make('div', { className: 'faces' }, face(card, 'front'), face(card, 'back')),
  );
}

function place(title, note, className, ...children) {
  const head = make('b', {}, title, make('em', { textContent: note }));
  return make('div', { className: `place ${className}` }, head, ...children);
}

function meter(value, full) {
  const bar = make('i');
  bar.style.width = `${Math.min(100, (100 * value) / full)}%`;
  return make('div', { className: `meter ${value <= full / 20 ? 'low' : ''}` }, bar);
}

function feederTile(feeder, jammed) {
  const next = feeder.blanks[0];
  const wrong = feeder.blanks.filter(({ kind }) => kind !== feeder.blankKind).length;
  return place(
    `Feeder ${feeder.name} · ${feeder.blankKind}`,
    jammed ? 'jam' : wrong > 0 ? `${wrong} of a wrong kind` : '',
    jammed ? 'jam' : '',
    make('div', { textContent: `${feeder.count} blanks` }),
    meter(feeder.count, 50),
    make('div', {
      className: 'small',
      textContent: next ? `next ${next.serial}` : 'nothing to feed',
    }),
  );
}

function binTile(title, cards, capacity) {
  return place(
    title,
    cards.length >= capacity ? 'full' : '',
    '',
    make('div', { textContent: `${cards.length} cards` }),
    make('div', {
      className: 'small',
      textContent: cards
        .slice(-4)
        .map((card) => card.serial ?? card.uidHex ?? 'silent chip')
        .join(', '),
    }),
  );
}

/** A second blank that came along lies under the one that was fed. */
function stationTile({ transport, stuckTo }, jam) {
  const stuck = stuckTo === null ? [] : [cardTile(stuckTo)];
  const note = [jam, ...(stuck.length > 0 ? ['two stuck together'] : [])].filter(Boolean);
  return place('Station', note.join(', '), `wide ${jam}`, cardTile(transport), ...stuck);
}

function drawPrinter(printer, captureBin, captureCapacity) {
  $('profile').textContent = `profile ${printer.profile}`;
  const jam = (at) => (printer.jam === at ? 'jam' : '');
  $('path').replaceChildren(
    ...printer.feeders.map((feeder) => feederTile(feeder, printer.jam === 'feeder')),
    place(
      'Ribbon',
      '',
      '',
      make('div', {
        textContent: `${printer.ribbonPanelsLeft} of ${printer.ribbonPanelsFull} sides`,
      }),
      meter(printer.ribbonPanelsLeft, printer.ribbonPanelsFull),
    ),
    stationTile(printer, jam('transport')),
    place('Exit', jam('exit'), `wide ${jam('exit')}`, cardTile(printer.exit)),
    place(
      'Last told',
      '',
      'wide',
      make('div', { className: 'small', textContent: `present status: ${printer.lastPresent}` }),
      make('div', { className: 'small', textContent: `jam: ${printer.jam ?? 'none'}` }),
    ),
    binTile('Reject bin', printer.rejectBin, printer.binCapacity),
    binTile('Retract bin', printer.retractBin, printer.binCapacity),
    binTile('Capture bin (old cards)', captureBin, captureCapacity),
  );
  $('counters').replaceChildren(
    ...Object.entries(printer.counters).map(([name, count]) =>
      make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: count })),
    ),
  );
  $('armed').replaceChildren(
    ...printer.faults.map(({ step, fault, when, timesLeft }) =>
      make('li', { textContent: `${fault} ${when} ${step}, ${timesLeft}×` }),
    ),
  );
}

function draw(next) {
  const first = state === null;
  state = next;
  $('lamps').replaceChildren(
    lamp(`power ${next.power}`, next.power === 'on', next.power === 'off'),
    lamp(`door ${next.door}`, next.door === 'closed', next.door === 'open'),
    lamp('card printer host', next.cardPrinter.connected),
    lamp('slot reader host', next.motorReader.connected),
    lamp('scanner', next.scanner.plugged),
  );
  $('door').textContent = next.door === 'open' ? 'Close the door' : 'Open the door';
  $('power').textContent = next.power === 'on' ? 'Cut power' : 'Restore power';
  $('field').textContent =
    next.field === null
      ? next.canTap
        ? 'Nothing on the reader.'
        : 'No virtual card: the cabinet was started without one.'
      : `On the reader: ${next.field.uidHex}`;
  $('scanner').textContent = next.scanner.plugged ? 'plugged in' : 'unplugged';
  $('scannerPlug').textContent = next.scanner.plugged ? 'Unplug' : 'Plug in';
  const { motorReader: reader } = next;
  $('slotOpen').textContent = reader.jammed ? 'jammed' : reader.slot;
  $('slotOpen').className = `tag ${reader.slot === 'open' ? 'open' : ''}`;
  $('slot').textContent =
    reader.held !== null
      ? `Held inside: ${reader.held.uidHex ?? 'silent chip'}`
      : reader.mouth !== null
        ? `In the mouth: ${reader.mouth.uidHex ?? 'silent chip'}${reader.mouth.givenBack ? ' (given back)' : ''}`
        : 'Empty.';
  $('paper').textContent =
    next.pagePrinter === null
      ? 'No page printer in the lab file.'
      : next.pagePrinter.papersWaiting.length === 0
        ? 'Output tray empty.'
        : `In the output tray: ${next.pagePrinter.papersWaiting.join(', ')}`;
  drawPrinter(next.cardPrinter, reader.captureBin, reader.binCapacity);
  if (first) {
    $('loadFeeder').replaceChildren(
      ...next.cardPrinter.feeders.map(({ name }) => make('option', { textContent: name })),
    );
  }
}

/** A list as its length and its ends, so that a full feeder takes one line. */
function inShort(value) {
  if (!Array.isArray(value)) return String(value);
  const names = value.map((item) => item?.serial ?? item ?? 'silent chip');
  return names.length <= 3
    ? names.join(', ') || 'none'
    : `${names.length}: ${names[0]} … ${names.at(-1)}`;
}

function recordLine({ seq, at, type, sha256: _, ...rest }) {
  const detail = Object.entries(rest)
    .map(([key, value]) => `${key} ${inShort(value)}`)
    .join(' · ');
  return make(
    'li',
    { className: BAD.test(type) ? 'bad' : GOOD.test(type) ? 'good' : '' },
    make('span', { className: 'seq', textContent: seq }),
    make('span', { className: 'what', textContent: type }),
    make('time', { textContent: new Date(at).toLocaleTimeString('id-ID') }),
    make('span', { className: 'detail', textContent: detail }),
  );
}

async function refresh() {
  try {
    const text = await (await fetch('/api/state')).text();
    // Pictures are not cached, so nothing is drawn again that looks the same.
    if (text !== drawn) draw(JSON.parse(text));
    drawn = text;
    const { entries } = await (await fetch(`/api/record?after=${shown}`)).json();
    for (const entry of entries) {
      if (entry.seq <= shown) continue;
      shown = entry.seq;
      $('record').prepend(recordLine(entry));
    }
    while ($('record').children.length > RECORD_SHOWN) $('record').lastChild.remove();
  } catch {
    drawn = '';
    $('lamps').replaceChildren(lamp('the cabinet does not answer', false, true));
  }
}

const onSubmit = (id, act) =>
  $(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void act(Object.fromEntries(new FormData($(id))));
  });

onSubmit('tap', ({ uidHex, nik, name, faults }) =>
  call('/api/tap', {
    card: { uidHex, biodata: { nik, name, ...REST_OF_BIODATA } },
    faults: faults === '' ? null : faults,
  }),
);
onSubmit('scan', ({ payload }) => call('/api/scan', { payload }));
onSubmit('insert', ({ uidHex }) => call('/api/slot/insert', { uidHex }));
onSubmit('fault', ({ step, fault, when, times }) =>
  call('/api/card-printer/fault', {
    step,
    fault,
    when: WHILE_FED.includes(fault) ? 'after' : when,
    times: Number(times),
  }),
);
onSubmit('load', async ({ feeder, kind, batch, first, count }) => {
  const [, head, digits] = /^(.*?)(\d+)$/.exec(first);
  const serial = (offset) => head + String(Number(digits) + offset).padStart(digits.length, '0');
  const blanks = Array.from({ length: Number(count) }, (_, offset) => ({
    kind,
    batch,
    serial: serial(offset),
  }));
  if (await call('/api/feeder/load', { feeder, blanks }))
    $('load').elements.first.value = serial(Number(count));
});

$('emptyFeeder').addEventListener(
  'click',
  () => void call('/api/feeder/empty', { feeder: $('loadFeeder').value }),
);
$('disarm').addEventListener('click', () => void call('/api/card-printer/clear-faults'));
$('door').addEventListener(
  'click',
  () => void call('/api/door', { open: state.door === 'closed' }),
);
$('power').addEventListener(
  'click',
  () => void call(state.power === 'on' ? '/api/power/cut' : '/api/power/restore'),
);
$('scannerPlug').addEventListener(
  'click',
  () => void call(state.scanner.plugged ? '/api/scanner/unplug' : '/api/scanner/plug'),
);
for (const button of document.querySelectorAll('button[data-act]')) {
  button.addEventListener(
    'click',
    () => void call(button.dataset.act, JSON.parse(button.dataset.body ?? '{}')),
  );
}

$('faultStep').replaceChildren(
  ...Object.keys(FAULTS).map((step) => make('option', { textContent: step })),
);
const offerFaults = () =>
  $('faultKind').replaceChildren(
    ...FAULTS[$('faultStep').value].map((fault) => make('option', { textContent: fault })),
  );
$('faultStep').addEventListener('change', offerFaults);
offerFaults();

void refresh();
setInterval(() => void refresh(), REFRESH_MS);
