const gap = 4;
const margin = 8;

/** Puts a list under (or over) its button, above everything that scrolls; returns how to stop. */
export function floatFrom(anchor: HTMLElement, list: HTMLElement, close: () => void): () => void {
  const place = (): void => {
    const box = anchor.getBoundingClientRect();
    list.style.minWidth = `${Math.max(box.width, 180)}px`;
    const { offsetWidth: width, offsetHeight: height } = list;
    const below = box.bottom + gap;
    const fits = below + height < window.innerHeight - margin || box.top < height + gap;
    const left = Math.min(box.left, window.innerWidth - width - margin);
    list.style.top = `${fits ? Math.min(below, window.innerHeight - height - margin) : box.top - height - gap}px`;
    list.style.left = `${Math.max(margin, left)}px`;
  };
  const elsewhere = (event: Event): void => {
    const target = event.target as Node;
    if (!list.contains(target) && !anchor.contains(target)) close();
  };
  const size = new ResizeObserver(place);
  size.observe(list);
  place();
  document.addEventListener('pointerdown', elsewhere);
  document.addEventListener('focusin', elsewhere);
  window.addEventListener('scroll', place, true);
  window.addEventListener('resize', place);
  return () => {
    size.disconnect();
    document.removeEventListener('pointerdown', elsewhere);
    document.removeEventListener('focusin', elsewhere);
    window.removeEventListener('scroll', place, true);
    window.removeEventListener('resize', place);
  };
}
