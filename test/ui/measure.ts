/**
 * Runs in the page: what of it cannot be read or touched. Each fault is one sentence; none is the pass.
 * Self-contained, since only its text reaches the browser.
 */
export function measureFaults(): string[] {
  const FLOOR_PX = 48;
  const SLACK_PX = 1.5;
  const faults: string[] = [];
  const dialog = document.querySelector('.anj-overlay');
  const scope = dialog ?? document.body;

  const { scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > innerWidth || scrollHeight > innerHeight) {
    faults.push(`the page is ${scrollWidth} × ${scrollHeight} on ${innerWidth} × ${innerHeight}`);
  }

  const outside = (inner: DOMRect, outer: DOMRect): boolean =>
    inner.left < outer.left - SLACK_PX ||
    inner.right > outer.right + SLACK_PX ||
    inner.top < outer.top - SLACK_PX ||
    inner.bottom > outer.bottom + SLACK_PX;
  const panel = new DOMRect(0, 0, innerWidth, innerHeight);

  interface Line {
    readonly node: Text;
    readonly words: string;
    readonly box: DOMRect;
  }
  const lines: Line[] = [];
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    const words = node.data.trim();
    const parent = node.parentElement;
    if (words === '' || parent?.checkVisibility() !== true) continue;
    if (parent.closest('.anj-unseen') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width > 0) lines.push({ node, words: words.slice(0, 40), box });
    }
  }
  if (lines.length === 0) faults.push('there is nothing to read');

  for (const { node, words, box } of lines) {
    if (outside(box, panel)) faults.push(`"${words}" leaves the panel`);
    for (let element = node.parentElement; element !== null; element = element.parentElement) {
      const style = getComputedStyle(element);
      const holds = element.tagName === 'BUTTON' || style.overflow !== 'visible';
      if (holds && element !== document.documentElement) {
        if (outside(box, element.getBoundingClientRect())) faults.push(`"${words}" is cut off`);
      }
      if (style.display !== 'inline' && element.scrollWidth > element.clientWidth + SLACK_PX) {
        faults.push(`"${words}" is wider than its place`);
      }
    }
    const size = Number.parseFloat(getComputedStyle(node.parentElement ?? scope).fontSize);
    if (size < 24) faults.push(`"${words}" is only ${size} px`);
  }

  // Line boxes are taller than their letters; a fifth at each side is leading.
  const core = ({ box }: Line): DOMRect =>
    new DOMRect(box.x, box.y + box.height * 0.2, box.width, box.height * 0.6);
  const meets = (a: DOMRect, b: DOMRect): boolean =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  lines.forEach((line, index) => {
    for (const other of lines.slice(index + 1)) {
      if (other.node !== line.node && meets(core(line), core(other))) {
        faults.push(`"${line.words}" and "${other.words}" overlap`);
      }
    }
  });

  const targets = [...scope.querySelectorAll('button, a[href], [role=radio]')].map((element) => ({
    name: element.textContent.trim() || (element.getAttribute('aria-label') ?? '?'),
    box: element.getBoundingClientRect(),
  }));
  targets.forEach(({ name, box }, index) => {
    if (box.width < FLOOR_PX || box.height < FLOOR_PX) {
      faults.push(`the target "${name}" is ${box.width} × ${box.height}`);
    }
    if (outside(box, panel)) faults.push(`the target "${name}" leaves the panel`);
    for (const other of targets.slice(index + 1)) {
      if (meets(box, other.box)) faults.push(`"${name}" and "${other.name}" overlap`);
    }
  });
  return [...new Set(faults)];
}
