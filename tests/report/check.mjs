// Opens a report in a real browser as its readers do - on a phone, on a wide screen, in the dark, on
// paper, by keyboard - and holds it against what it promises.
//
//     node check.mjs REPORT AXE FOLDER
//
// REPORT is the page, AXE the script of axe-core, FOLDER takes the pictures.  Prints a test report
// (Test Anything Protocol); ends with 1 if a test fails.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./browser.mjs";

const [report, axe, folder] = process.argv.slice(2).map((path) => resolve(path));
const program = process.env.CHROMIUM ?? "chromium";
const TALLEST_PICTURE = 12_000; // pixels; a browser's limit is not far above

let number = 0, failed = 0;
function test(name, complaints) {
    const good = complaints.length === 0;
    console.log(`${good ? "ok" : "not ok"} ${++number} - ${name}`);
    for (const one of complaints.slice(0, 10)) console.log(`# ${String(one).replaceAll("\n", " ")}`);
    if (complaints.length > 10) console.log(`# and ${complaints.length - 10} more`);
    failed += !good;
}

// What each of these gives back is evaluated in the page.
const inPage = {
    overflow: () => {
        const page = document.documentElement;
        if (page.scrollWidth <= page.clientWidth) return [];
        const wide = [...document.querySelectorAll("body *")].filter((element) =>
            element.getBoundingClientRect().right > page.clientWidth && !element.closest(".scroll"));
        return [`${page.scrollWidth} pixels wide`, ...wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 100))];
    },
    links: () => [...document.querySelectorAll("a[href]")].map((one) => one.getAttribute("href"))
        .filter((href) => href.startsWith("#") && document.getElementById(decodeURIComponent(href.slice(1))) === null),
    ids: () => {
        const seen = new Set(), twice = [];
        for (const { id } of document.querySelectorAll("[id]"))
            if (seen.has(id)) twice.push(id); else seen.add(id);
        return twice;
    },
    glance: () => [...document.querySelectorAll("article.claim")].filter((claim) =>
        document.querySelector(`nav a[href="#${CSS.escape(claim.id)}"]`) === null &&
        ![...document.querySelectorAll("nav a")].some((a) => a.getAttribute("href") === `#${claim.id}`))
        .map((claim) => claim.id),
    structure: () => {
        const wrong = [];
        for (const [name, count] of [["h1", 1], ["main", 1], ["header", 1], ["nav", 1], ["footer", 1]])
            if (document.querySelectorAll(`body ${name}`).length !== count) wrong.push(`${name}: not ${count}`);
        for (const table of document.querySelectorAll("table"))
            if (table.caption === null || table.caption.textContent.trim() === "") wrong.push("a table without a caption");
        for (const cell of document.querySelectorAll("th:not([scope])")) wrong.push(cell.outerHTML);
        for (const svg of document.querySelectorAll("svg:not([aria-hidden=true])"))
            if (!svg.getAttribute("aria-label")) wrong.push("a drawing without a name");
        return wrong;
    },
    unfold: () => {
        for (const one of document.querySelectorAll("details")) one.open = true;
        return document.querySelectorAll("details").length;
    },
    folded: () => [...document.querySelectorAll(".how.first .inside, .decisions table")]
        .filter((one) => one.getBoundingClientRect().height === 0).map((one) => one.textContent.slice(0, 60)),
    focused: () => document.activeElement?.className,
    place: () => [location.hash, scrollY > 0],
};
const evaluate = (page, name) => page.evaluate(`(${inPage[name]})()`);

async function violations(page, selector = "html") {
    const { found } = await page.evaluate(`axe.run(document.querySelector(${JSON.stringify(selector)}), {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }).then(({ violations }) => ({ found: violations.flatMap(({ id, help, nodes }) =>
        nodes.slice(0, 3).map((node) => id + ": " + help + ": " + node.html.slice(0, 160))) }))`);
    return found;
}

async function press(page, key, code) {
    for (const type of ["keyDown", "keyUp"])
        await page.send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code });
}

async function look(browser, width, height, scheme) {
    const page = await browser.page();
    const as = `at ${width} pixels, ${scheme}`;
    await page.scheme(scheme);
    await page.resize(width, height);
    await page.open(pathToFileURL(report).href);
    const path = join(folder, `report-${width}-${scheme}`);
    writeFileSync(`${path}.png`, await page.picture({ x: 0, y: 0, width, height }));
    const tall = await page.evaluate("document.documentElement.scrollHeight");
    writeFileSync(`${path}-long.png`,
        await page.picture({ x: 0, y: 0, width, height: Math.min(tall, TALLEST_PICTURE) }));
    test(`${as}: the page has no horizontal scroll`, await evaluate(page, "overflow"));
    test(`${as}: the console stays silent`, page.complaints);
    test(`${as}: nothing is loaded but the page`,
        page.requests.filter((url) => url !== pathToFileURL(report).href));
    await page.evaluate(readFileSync(axe, "utf8") + ";0");
    test(`${as}: axe finds nothing to say`, await violations(page));
    await evaluate(page, "unfold");
    test(`${as}: unfolded, axe finds nothing to say of a claim`, await violations(page, "article.claim"));
    test(`${as}: unfolded, there is still no horizontal scroll`, await evaluate(page, "overflow"));
    return page;
}

async function main() {
    const browser = new Browser(program);
    try {
        const page = await look(browser, 1400, 900, "light");
        for (const name of ["links", "ids", "glance", "structure"])
            test({ links: "every link within the page has its target", ids: "no id stands twice",
                glance: "the first screen leads to every claim",
                structure: "landmarks, captions, scopes and names are there" }[name], await evaluate(page, name));
        await look(browser, 1400, 900, "dark");
        await look(browser, 360, 740, "light");
        await look(browser, 360, 740, "dark");
        await following(browser);
        await keyboard(browser);
        await paper(browser);
        await policy(browser);
    } finally {
        await browser.close();
    }
    console.log(`1..${number}`);
    process.exitCode = failed === 0 ? 0 : 1;
}

// Were all escaping to fail, the page's policy alone would have to hold; without it the same page has
// to give way, or this would show nothing.
const INTRUDER = `<script>document.title = "ran"</script><style>h1 { display: none }</style>
<img src="data:image/png," onerror="document.title = 'ran'"><iframe srcdoc="x"></iframe>
<img id="picture" src="report-360-dark.png"><base href="http://127.0.0.1:9/">`;

async function got(browser, text) {
    const path = join(folder, "intruded.html");
    writeFileSync(path, text.replace("<main", `${INTRUDER}<main`));
    const page = await browser.page();
    await page.open(pathToFileURL(path).href);
    const [title, shown, wide, base] = await page.evaluate(`[document.title,
        getComputedStyle(document.querySelector("h1")).display,
        document.getElementById("picture").naturalWidth, document.baseURI]`);
    return Object.entries({ "a script ran": title === "ran", "a style was applied": shown === "none",
        "a picture was loaded": wide !== 0, "links lead elsewhere": base.startsWith("http:") })
        .filter(([, through]) => through).map(([what]) => what);
}

async function policy(browser) {
    const text = readFileSync(report, "utf8");
    test("the page's policy alone stops scripts, styles, pictures and another base", await got(browser, text));
    const open = await got(browser, text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ""));
    test("without the policy all of these get through", open.length === 4 ? [] : [`only: ${open}`]);
}

// Every verdict's link has to open what it leads to.
async function following(browser) {
    const page = await browser.page();
    await page.resize(1400, 900);
    await page.open(pathToFileURL(report).href);
    const [hash, shown] = await page.evaluate(`(async () => {
        const link = document.querySelector(".readings th a, .grid td a");
        link.click();
        await new Promise((done) => setTimeout(done, 200));
        return [location.hash, document.getElementById(decodeURIComponent(location.hash.slice(1)))
            .getBoundingClientRect().height];
    })()`);
    test("a verdict's link unfolds how it came about", hash !== "" && shown > 0 ? [] : [`${hash} ${shown}`]);
}

async function keyboard(browser) {
    const page = await browser.page();
    await page.resize(1400, 900);
    await page.open(pathToFileURL(report).href);
    await press(page, "Tab", 9);
    const first = await evaluate(page, "focused");
    await page.send("Input.dispatchKeyEvent", { type: "keyDown", key: "Enter", text: "\r", windowsVirtualKeyCode: 13 });
    await page.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", windowsVirtualKeyCode: 13 });
    const [hash, scrolled] = await evaluate(page, "place");
    test("by keyboard, the first stop skips to the claims", first === "skip" && hash === "#claims" && scrolled
        ? [] : [`${first} ${hash} ${scrolled}`]);
}

async function paper(browser) {
    const page = await browser.page();
    await page.resize(794, 1123);
    await page.open(pathToFileURL(report).href);
    await page.send("Emulation.setEmulatedMedia", { media: "print" });
    test("on paper, what is folded on a screen is printed", await evaluate(page, "folded"));
    test("on paper, nothing runs off the page", await evaluate(page, "overflow"));
}

main().catch((error) => {
    console.log(`Bail out! ${error.message}`);
    process.exitCode = 1;
});
