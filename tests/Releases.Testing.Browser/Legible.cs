using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Releases.Testing.Browser;

/// <summary>What can be measured of how a page looks.</summary>
public static class Legible
{
    /// <summary>Every text that is seen, whose color differs less from what is behind it than WCAG AA asks for text of a normal size. What
    /// cannot be pressed is exempt.</summary>
    private const string FaintTexts = """
        () => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          // The colors of one over another as the browser itself mixes them, whatever notation they are in.
          const over = colors => {
            canvas.clearRect(0, 0, 1, 1);
            for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
            return [...canvas.getImageData(0, 0, 1, 1).data];
          };
          const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
          const behind = element => {
            const backs = [];
            for (let e = element; e; e = e.parentElement) {
              backs.unshift(getComputedStyle(e).backgroundColor);
              if (over([backs[0]])[3] === 255) break;
            }
            return backs;
          };
          const faint = [];
          let texts = 0;
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const element = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
            if (!text || element.closest(':disabled, .hidden, .skip, noscript') || !element.checkVisibility({ visibilityProperty: true })) continue;
            texts++;
            const backs = behind(element), [a, b] = [luminance(over(backs)), luminance(over([...backs, getComputedStyle(element).color]))];
            const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${text.slice(0, 60)} (${element.tagName} ${element.className})`);
          }
          return { texts, faint };
        }
        """;

    private const string Bytes = """
        async () => {
          const urls = [location.href, ...[...document.querySelectorAll('link[href], script[src], img[src]')].map(e => e.href || e.src)];
          const sizes = await Promise.all(urls.map(async url => (await (await fetch(url)).arrayBuffer()).byteLength));
          return { files: urls.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
        }
        """;

    private const string Overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth";

    /// <summary>What can be pressed and is not wholly within the window's width, or is cut off by what it scrolls in.</summary>
    private const string OutsideOf = """
        () => {
          const width = document.documentElement.clientWidth, outside = [];
          for (const e of document.querySelectorAll('main a, main button, main input:not([type=hidden]), main textarea, header a, header button')) {
            if (!e.checkVisibility({ visibilityProperty: true }) || e.closest('.tabs')) continue;
            const box = e.getBoundingClientRect(), scroll = e.closest('.scroll')?.getBoundingClientRect();
            if (box.left < -1 || box.right > width + 1 || (scroll && e.localName !== 'a' && (box.right > scroll.right + 1 || box.left < scroll.left - 1)))
              outside.push(`${e.outerHTML.slice(0, 100)} (${Math.round(box.left)} to ${Math.round(box.right)})`);
          }
          return outside;
        }
        """;

    /// <summary>Words that a person reads as one and that are broken in two: what is longer than that has to break somewhere.</summary>
    private const string BrokenOf = """
        () => {
          const broken = [], range = document.createRange();
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const node = walk.currentNode, element = node.parentElement;
            if (element.closest('pre, .log, .hidden, .skip, noscript, script')) continue;
            if (!element.checkVisibility({ visibilityProperty: true })) continue;
            for (const word of node.data.matchAll(/\S{2,16}(?!\S)/g)) {
              if (word.index > 0 && /\S/.test(node.data[word.index - 1])) continue;
              range.setStart(node, word.index);
              range.setEnd(node, word.index + word[0].length);
              const tops = new Set([...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top)));
              if (tops.size > 1) broken.push(`${word[0]} (${element.localName} ${element.className})`);
            }
          }
          return broken;
        }
        """;

    /// <summary>Tables of which a part is only seen by scrolling sideways.</summary>
    private const string CutOf = """
        () => [...document.querySelectorAll('.scroll, nav')].filter(s => s.scrollWidth > s.clientWidth + 1)
          .map(s => `${s.innerText.slice(0, 40)} (${s.scrollWidth - s.clientWidth} px)`)
        """;

    private const string EmptyLandmarksOf = """
        () => [...document.querySelectorAll('nav, section, aside, [role=region], [role=search]')]
          .filter(e => e.checkVisibility() && !e.innerText.trim())
          .map(e => e.outerHTML.slice(0, 80))
        """;

    /// <summary>What axe holds against a page by any of its rules; the package's own way of running it opens a further page each
    /// time.</summary>
    private const string ViolationsOf = """
        async ([...rules]) => {
          // Of what passes, one node is enough; to describe each takes axe longer than to check it.
          const found = await axe.run({ resultTypes: ['violations'], ...(rules.length ? { runOnly: rules } : {}) });
          if (!found.passes.length) throw new Error('axe looked at nothing');
          return found.violations.map(v => `${v.id}: ${v.nodes[0].html}`);
        }
        """;

    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private const string HighestOf =
        "() => Math.max(0, ...[...document.querySelectorAll('tbody tr')].map(r => r.getBoundingClientRect().height))";

    public static async Task<(int Texts, IReadOnlyList<string> Faint)> Contrast(IPage page)
    {
        var found = await Measure(page, FaintTexts);
        return (found.GetProperty("texts").GetInt32(), [.. found.GetProperty("faint").EnumerateArray().Select(f => f.GetString()!)]);
    }

    /// <summary>How much is transferred for a page and what it needs, nothing of it from the browser's memory.</summary>
    public static async Task<(int Files, int Bytes)> Weight(IPage page)
    {
        var found = await Measure(page, Bytes);
        return (found.GetProperty("files").GetInt32(), found.GetProperty("bytes").GetInt32());
    }

    /// <summary>By how many pixels a page is wider than its window.</summary>
    public static async Task<int> TooWide(IPage page) => (await Measure(page, Overflow)).GetInt32();

    public static async Task<IReadOnlyList<string>> Outside(IPage page) => await Texts(page, OutsideOf);

    public static async Task<IReadOnlyList<string>> BrokenWords(IPage page) => await Texts(page, BrokenOf);

    public static async Task<IReadOnlyList<string>> Cut(IPage page) => await Texts(page, CutOf);

    public static async Task<IReadOnlyList<string>> EmptyLandmarks(IPage page) => await Texts(page, EmptyLandmarksOf);

    public static async Task<int> HighestRow(IPage page) => (int)(await Measure(page, HighestOf)).GetDouble();

    /// <summary>What axe finds by all its rules.</summary>
    public static Task<IReadOnlyList<string>> Axe(IPage page) => Axe(page, []);

    /// <summary>What it finds by the rules that read colors: a page that passed all of them in one theme can fail only these in
    /// another.</summary>
    public static Task<IReadOnlyList<string>> AxeOnColors(IPage page) => Axe(page, ["color-contrast", "link-in-text-block"]);

    private static async Task<IReadOnlyList<string>> Axe(IPage page, string[] rules)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync(AxeScript);
        var found = await page.EvaluateAsync(ViolationsOf, rules);
        return [.. found!.Value.EnumerateArray().Select(t => t.GetString()!)];
    }

    private static async Task<IReadOnlyList<string>> Texts(IPage page, string script) =>
        [.. (await Measure(page, script)).EnumerateArray().Select(t => t.GetString()!)];

    private static async Task<JsonElement> Measure(IPage page, string script) => (await page.EvaluateAsync(script))!.Value;
}
