// A headless Chromium, spoken to over the pipe of its DevTools protocol: no port, nothing to install.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ANSWER_WITHIN = 300_000; // milliseconds

export class Browser {
    constructor(program) {
        this.profile = mkdtempSync(join(tmpdir(), "check-report-"));
        // Chromium refuses to run as root in its sandbox.
        const root = process.getuid() === 0 ? ["--no-sandbox"] : [];
        this.process = spawn(program, [
            "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--hide-scrollbars", `--user-data-dir=${this.profile}`,
            ...root, "about:blank",
        ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
        this.waiting = new Map();
        this.listeners = [];
        this.number = 0;
        this.rest = "";
        this.process.stdio[4].setEncoding("utf8");
        this.process.stdio[4].on("data", (data) => this.#take(data));
        this.process.stdio[3].on("error", () => {}); // the exit below tells
        const end = (reason) => {
            for (const one of this.waiting.values()) one.reject(new Error(reason));
            this.waiting.clear();
            this.ended = reason;
        };
        this.process.on("error", (error) => end(`${program}: ${error.message}`));
        this.process.on("exit", (code, signal) => end(`${program} ended (${code ?? signal})`));
    }

    #take(data) {
        const pieces = (this.rest + data).split("\0");
        this.rest = pieces.pop();
        for (const piece of pieces) {
            const message = JSON.parse(piece);
            const one = this.waiting.get(message.id);
            if (one === undefined) {
                for (const listener of this.listeners) listener(message);
                continue;
            }
            this.waiting.delete(message.id);
            if (message.error) one.reject(new Error(`${one.method}: ${message.error.message}`));
            else one.resolve(message.result);
        }
    }

    send(method, params = {}, sessionId = undefined) {
        return new Promise((resolve, reject) => {
            if (this.ended) return reject(new Error(this.ended));
            const id = ++this.number;
            const late = setTimeout(() => {
                this.waiting.delete(id);
                reject(new Error(`${method}: no answer`));
            }, ANSWER_WITHIN);
            const done = (settle) => (value) => { clearTimeout(late); settle(value); };
            this.waiting.set(id, { method, resolve: done(resolve), reject: done(reject) });
            this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
        });
    }

    async page() {
        const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
        const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
        const page = new Page(this, sessionId);
        for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
        return page;
    }

    // Ends the browser and removes all it left.
    async close() {
        const exit = new Promise((resolve) => this.process.once("exit", resolve));
        if (!this.ended) {
            this.send("Browser.close").catch(() => {});
            const late = setTimeout(() => this.process.kill("SIGKILL"), 10_000);
            await exit;
            clearTimeout(late);
        }
        rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
}

export class Page {
    constructor(browser, session) {
        this.browser = browser;
        this.session = session;
        this.complaints = []; // what the console, the log or the policy had to say
        this.requests = [];
        browser.listeners.push((message) => {
            if (message.sessionId === session) this.#hear(message.method, message.params);
        });
    }

    send(method, params) {
        return this.browser.send(method, params, this.session);
    }

    #hear(method, params) {
        if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
        if (method === "Runtime.consoleAPICalled")
            this.complaints.push(params.args.map((one) => one.value ?? one.description).join(" "));
        if (method === "Runtime.exceptionThrown")
            this.complaints.push(params.exceptionDetails.text);
        if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
        if (method === "Page.loadEventFired") this.loaded?.();
    }

    async open(url) {
        const loaded = new Promise((resolve) => { this.loaded = resolve; });
        const { errorText } = await this.send("Page.navigate", { url });
        if (errorText) throw new Error(`${url}: ${errorText}`);
        await loaded;
    }

    resize(width, height) {
        return this.send("Emulation.setDeviceMetricsOverride",
            { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    }

    scheme(value) {
        return this.send("Emulation.setEmulatedMedia",
            { features: [{ name: "prefers-color-scheme", value }] });
    }

    // The value of an expression in the page (a promise is waited for).
    async evaluate(expression) {
        const { result, exceptionDetails } = await this.send("Runtime.evaluate",
            { expression, awaitPromise: true, returnByValue: true });
        if (exceptionDetails)
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    // A picture of the whole page, or of what the clip cuts out of it.
    async picture(clip) {
        const { data } = await this.send("Page.captureScreenshot",
            { format: "png", captureBeyondViewport: true, ...(clip ? { clip: { scale: 1, ...clip } } : {}) });
        return Buffer.from(data, "base64");
    }
}
