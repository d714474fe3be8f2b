/** Says a change aloud where a screen reader listens; nothing is seen. */
export function LiveRegion({ words }: { readonly words: string }) {
  return (
    <p className="anj-unseen" role="status" aria-live="polite">
      {words}
    </p>
  );
}
