using System.Text;

namespace Releases.Local.Tests;

/// <summary>Makes exchanges at random that HTTP allows, however odd; the same ones for the same seed.</summary>
internal sealed class ExchangeMaker(int seed)
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly string[] Methods = ["GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
        "PROPFIND", "get", "M-SEARCH"];
    private static readonly string[] Known = ["Accept", "COOKIE", "cookie", "User-Agent", "content-type", "Authorization", "Trailer",
        "Range", "X-Thing", "x-thing", "Te", "Warning", "Date", "ETag", "Set-Cookie"];

    private readonly Random _random = new(seed);

    public RawExchange Next()
    {
        var method = Pick(Methods);
        var body = method is "GET" or "HEAD" or "TRACE" && _random.Next(4) > 0 ? ("", "") : Body(isRequest: true);
        var request =
            $"{method} {Target()} HTTP/1.1\r\n{Mixed([.. Headers(), "Host: hello.localhost", .. Lines(body.Item1)])}\r\n{body.Item2}";
        return Answer(method, Bytes(request), body.Item2.Length);
    }

    private RawExchange Answer(string method, byte[] request, int requestBody)
    {
        var status = _random.Next(6) == 0 ? Pick([204, 304, 205, 418, 599, 999]) : Pick([200, 200, 200, 201, 302, 404, 500, 503]);
        var bodyless = method == "HEAD" || status is 204 or 304;
        var untilClose = !bodyless && _random.Next(12) == 0;
        var (framing, content) = untilClose ? ("", Content(_random.Next(2000))) : status == 204 ? ("", "") : Body(isRequest: false);
        if (bodyless) content = "";
        var informational = _random.Next(8) == 0 ? _random.Next(1, 4) : 0;
        var early = string.Concat(Enumerable.Range(0, informational)
            .Select(_ => $"HTTP/1.1 {Pick([102, 103, 103])} Early\r\n{Mixed(Headers())}\r\n"));
        var closes = _random.Next(15) == 0;
        var response =
            $"{early}HTTP/1.1 {status}{(_random.Next(10) == 0 ? " " : " " + Value(20))}\r\n{Mixed([.. Headers(), .. Lines(framing), .. Lines(closes ? "Connection: close" : "")])}\r\n{content}";
        return new(request, Bytes(response))
        {
            RequestBody = requestBody,
            ResponseBody = content.Length,
            Informational = informational,
            ServerCloses = untilClose || closes,
        };
    }

    private string Target()
    {
        switch (_random.Next(12))
        {
            case 0: return "*";
            case 1: return $"http://hello.localhost/{Characters(_random.Next(30))}";
            case 2: return $"/{Characters(_random.Next(2000, 40_000))}";
            case 3: return "/" + string.Concat(Enumerable.Range(0, _random.Next(1, 9)).Select(_ => $"%{_random.Next(256):X2}"));
            case 4: return "/a/../b/./c//d;p=1?x=%zz&q=a|b#%";
            default: return $"/{Characters(_random.Next(60))}";
        }
    }

    private List<string> Headers()
    {
        var count = _random.Next(30) == 0 ? _random.Next(100, 400) : _random.Next(0, 12);
        var headers = Enumerable.Range(0, count).Select(_ => Header()).ToList();
        if (headers.Count > 0 && _random.Next(4) == 0) headers.Add(Pick(headers));
        return headers;
    }

    private string Header()
    {
        var name = _random.Next(3) == 0 ? Pick(Known) : "n"
            + string.Concat(Enumerable.Range(0, _random.Next(1, 30)).Select(_ => TokenCharacters[_random.Next(TokenCharacters.Length)]));
        var value = _random.Next(40) == 0 ? Value(_random.Next(8_000, 60_000)) : Value(_random.Next(0, 60));
        var fold = _random.Next(15) == 0 ? $"\r\n{Pick([" ", "\t", " \t "])}{Value(9)}" : "";
        return $"{name}:{Pick(["", " ", "\t", "  "])}{value}{fold}{Pick(["", "", " "])}\r\n";
    }

    /// <summary>Any byte but those that end a line.</summary>
    private string Value(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)_random.Next(1, 256)).Select(c => c is '\r' or '\n' ? 'x' : c));

    /// <summary>Any byte but white space.</summary>
    private string Characters(
        int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)_random.Next(1, 256))
            .Select(c => c is ' ' or (>= '\t' and <= '\r') ? '%' : c));

    private string Content(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)_random.Next(256)));

    private (string Framing, string Content) Body(bool isRequest)
    {
        if (_random.Next(5) == 0) return (isRequest ? "" : "Content-Length: 0\r\n", "");
        if (_random.Next(2) == 0)
        {
            var content = Content(_random.Next(10) == 0 ? _random.Next(50_000, 200_000) : _random.Next(1, 3000));
            return ($"{Pick(["Content-Length", "content-length"])}: {content.Length}\r\n", content);
        }

        var chunks = string.Concat(Enumerable.Range(0, _random.Next(0, 9)).Select(_ => Chunk()));
        var trailers = _random.Next(2) == 0 ? "" : string.Concat(Enumerable.Range(0, _random.Next(1, 5))
            .Select(_ => $"x-t{_random.Next(99)}: {Value(_random.Next(50)).Trim()}\r\n"));
        return ($"Transfer-Encoding: {Pick(["chunked", "Chunked"])}\r\n",
            $"{chunks}{Pick(["0", "000", "0;last=\"a b\""])}\r\n{trailers}\r\n");
    }

    private string Chunk()
    {
        var content = Content(_random.Next(10) == 0 ? _random.Next(10_000, 70_000) : _random.Next(1, 600));
        var extension = _random.Next(3) == 0 ? Pick([";a", ";a=b", " ; q=\"x;y\"", ";\u00e9"]) : "";
        return $"{content.Length.ToString(Pick(["x", "X", "x6"]), System.Globalization.CultureInfo.InvariantCulture)}{extension}\r\n{content}\r\n";
    }

    private static IEnumerable<string> Lines(string line) => line.Length == 0 ? [] : [line.EndsWith('\n') ? line : line + "\r\n"];

    private string Mixed(List<string> lines)
    {
        var mixed = lines.Select(l => l.EndsWith('\n') ? l : l + "\r\n").ToArray();
        _random.Shuffle(mixed);
        return string.Concat(mixed);
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
