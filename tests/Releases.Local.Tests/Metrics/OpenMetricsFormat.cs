using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Releases.Local.Tests.Metrics;

/// <summary>
/// The text format of OpenMetrics 1.0, written down from its specification and not from what writes it here: the grammar of every line,
/// and the rules on families, suffixes, units, labels and histograms.
/// </summary>
internal sealed partial class OpenMetricsFormat
{
    private readonly Dictionary<string, Family> _families = [];
    private readonly HashSet<string> _series = [];
    private Family? _current;

    /// <summary>Every sample: its name with its labels in the order of their names, and its value.</summary>
    public Dictionary<string, double> Samples { get; } = [];

    public static OpenMetricsFormat Read(string text)
    {
        var format = new OpenMetricsFormat();
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        foreach (var line in text[..^"# EOF\n".Length].Split('\n').SkipLast(1)) format.Line(line);
        foreach (var family in format._families.Values) family.RequireWhole();
        return format;
    }

    private void Line(string line)
    {
        if (Metadata().Match(line) is { Success: true } metadata) Describe(metadata.Groups["kind"].Value, metadata.Groups["name"].Value,
            metadata.Groups["text"].Value);
        else if (Sample().Match(line) is { Success: true } sample) Add(sample.Groups["name"].Value, sample.Groups["labels"].Value,
            sample.Groups["value"].Value);
        else Assert.Fail($"Neither metadata nor a sample: {line}");
    }

    private void Describe(string kind, string name, string text)
    {
        if (_current?.Name != name)
        {
            Assert.False(_families.ContainsKey(name), $"The family {name} isn't in one piece.");
            _families.Add(name, _current = new(name));
        }

        Assert.True(_current.Count == 0, $"{kind} of {name} after its samples");
        Assert.True(_current.Metadata.TryAdd(kind, text), $"two lines of {kind} for {name}");
        if (kind == "UNIT") Assert.True(name.EndsWith($"_{text}", StringComparison.Ordinal), $"{name} doesn't end with its unit {text}");
        if (kind == "TYPE") Assert.Contains(text, (string[])["counter", "gauge", "histogram"]);
    }

    private void Add(string name, string labels, string value)
    {
        Assert.True(_current is not null && name.StartsWith(_current.Name, StringComparison.Ordinal),
            $"{name} isn't of the family before it");
        var pairs = labels.Length == 0 ? [] : Label().Matches(labels).ToList();
        Assert.Equal(labels, string.Join(',', pairs.Select(p => p.Value)));
        Assert.Equal(pairs.Count, pairs.DistinctBy(p => p.Groups["name"].Value).Count());
        var series = $"{name}{{{string.Join(',', pairs.Select(p => p.Value).Order(StringComparer.Ordinal))}}}";
        Assert.True(_series.Add(series), $"twice: {series}");
        var number = double.Parse(value, CultureInfo.InvariantCulture);
        Samples.Add(series, number);
        _current!.Add(
            name[_current.Name.Length..], pairs.SingleOrDefault(p => p.Groups["name"].Value == "le")?.Groups["value"].Value,
            string.Join(',', pairs.Where(p => p.Groups["name"].Value != "le").Select(p => p.Value)), number);
    }

    [GeneratedRegex("^# (?<kind>TYPE|UNIT|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$")]
    private static partial Regex Metadata();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>[+-]?(Inf|NaN|[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+))$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\["\\n])*)"(?=,|$)""")]
    private static partial Regex Label();

    /// <summary>What the samples of one family have to be together.</summary>
    private sealed class Family(string name)
    {
        private readonly Dictionary<string, List<(double Le, double Count)>> _buckets = [];
        private readonly Dictionary<string, (double? Count, double? Sum)> _points = [];

        public string Name => name;

        public Dictionary<string, string> Metadata { get; } = [];

        public int Count { get; private set; }

        public void Add(string suffix, string? le, string labels, double value)
        {
            Count++;
            var type = Metadata.GetValueOrDefault("TYPE", "unknown");
            var suffixes = type switch
            {
                "counter" => (string[])["_total", "_created"],
                "histogram" => ["_bucket", "_count", "_sum", "_created"],
                _ => [""]
            };
            Assert.Contains(suffix, suffixes);
            Assert.True((suffix == "_bucket") == (le is not null), $"le on {name}{suffix}");
            if (type != "gauge") Assert.True(value >= 0 && double.IsFinite(value), $"{name}{suffix} is {value}");
            if (le is not null)
            {
                if (!_buckets.TryGetValue(labels, out var buckets)) _buckets.Add(labels, buckets = []);
                buckets.Add((le == "+Inf" ? double.PositiveInfinity : double.Parse(le, CultureInfo.InvariantCulture), value));
            }
            else if (type == "histogram")
            {
                var point = _points.GetValueOrDefault(labels);
                _points[labels] = suffix == "_sum" ? (point.Count, value) : (value, point.Sum);
            }
        }

        public void RequireWhole()
        {
            Assert.True(Metadata.ContainsKey("TYPE"), $"{name} has no type");
            foreach (var (labels, buckets) in _buckets)
            {
                Assert.True(buckets[^1].Le == double.PositiveInfinity, $"{name} of {labels} has no last bucket");
                Assert.All(buckets.Zip(buckets.Skip(1)),
                    b => Assert.True(b.First.Le < b.Second.Le && b.First.Count <= b.Second.Count, $"{b} of {name}"));
                Assert.Equal(buckets[^1].Count, _points[labels].Count);
                Assert.NotNull(_points[labels].Sum);
            }

            Assert.Equal(_buckets.Keys.Order(), _points.Keys.Order());
        }
    }
}
