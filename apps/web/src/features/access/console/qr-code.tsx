import { useEffect, useState } from "react";

/** Modules of white around the code, as readers need them. */
const QUIET = 4;

interface Drawing {
  readonly side: number;
  /** SVG path of the dark modules. */
  readonly path: string;
}

/** A text as a picture for cameras, drawn here: nobody else sees it. Black on white in both colour schemes. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const [drawing, setDrawing] = useState<Drawing>();
  useEffect(() => {
    let shown = true;
    void draw(text).then((done) => (shown ? setDrawing(done) : undefined));
    return () => {
      shown = false;
    };
  }, [text]);
  if (drawing === undefined) return <div className="wf-card size-48" />;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${drawing.side} ${drawing.side}`}
      shapeRendering="crispEdges"
      className="wf-card size-48"
    >
      <path d={`M0 0h${drawing.side}v${drawing.side}H0z`} fill="#fff" />
      <path d={drawing.path} fill="#000" />
    </svg>
  );
}

async function draw(text: string): Promise<Drawing> {
  const { default: qrcode } = await import("qrcode-generator");
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const rows = Array.from({ length: count }, (_, row) => row);
  const path = rows
    .flatMap((row) => rows.filter((column) => code.isDark(row, column)).map((column) => `M${column + QUIET} ${row + QUIET}h1v1h-1z`))
    .join("");
  return { side: count + 2 * QUIET, path };
}
