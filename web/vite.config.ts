/** How the interface is built: hashed files into the Python package, nothing fetched from elsewhere. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const require = createRequire(import.meta.url);

/** /docs shows the API with these two files, at fixed addresses. */
function apiDocumentation(): Plugin {
  return {
    name: "api-documentation",
    apply: "build",
    generateBundle() {
      for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
        const source = readFileSync(require.resolve(`swagger-ui-dist/${file}`));
        this.emitFile({ type: "asset", fileName: `swagger/${file}`, source });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), apiDocumentation()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist/static",
    emptyOutDir: true,
    // The content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    // Swagger's bundle and Cornerstone's are large by nature; only /docs and a case with images load them.
    chunkSizeWarningLimit: 300,
  },
  // The codecs of images are WebAssembly in workers, which find their files by their own address.
  worker: { format: "es" },
  optimizeDeps: { exclude: ["@cornerstonejs/dicom-image-loader"], include: ["dicom-parser"] },
  server: {
    proxy: Object.fromEntries(["/api", "/dicom-web"].map((path) => [path, process.env["WARDLINE_API"] ?? "http://127.0.0.1:8080"])),
  },
});
