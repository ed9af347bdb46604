using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Releases.Testing.Simulation.Models;

/// <summary>A type of a model, with the rules that its values keep.</summary>
internal abstract class Shape
{
    /// <summary>The least value, length or count.</summary>
    public double? Min { get; set; }

    /// <summary>The greatest value, length or count.</summary>
    public double? Max { get; set; }

    /// <summary>Reports each rule that a value breaks.</summary>
    public abstract void Check(JsonElement value, ModelWalk walk);

    protected void Limit(double size, string what, ModelWalk walk)
    {
        if (size < Min) walk.Breaks($"has {what} {size}, less than {Min}");
        if (size > Max) walk.Breaks($"has {what} {size}, more than {Max}");
    }

    protected static bool Is(JsonElement value, JsonValueKind kind, string type, ModelWalk walk)
    {
        if (value.ValueKind == kind) return true;
        walk.Breaks($"is {Shown(value)}, not {(type[0] == 'i' ? "an" : "a")} {type}");
        return false;
    }

    protected static string Shown(JsonElement value) =>
        value.GetRawText() is { Length: > 60 } text ? $"{text[..60]}…" : value.GetRawText();
}

internal sealed class StructureShape : Shape
{
    public Dictionary<string, Shape> Members { get; } = [];

    public IReadOnlyList<string> Required { get; set; } = [];

    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (!Is(value, JsonValueKind.Object, "structure", walk)) return;
        foreach (var member in value.EnumerateObject())
        {
            walk.Enter(member.Name);
            if (!Members.TryGetValue(member.Name, out var shape))
            {
                if (!NewerThanTheModels.IsStandIn(member.Name)) walk.Breaks("is not a member that the model has");
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                // AWS reads null as absent.
                shape.Check(member.Value, walk);
            }

            walk.Leave();
        }

        foreach (var required in Required)
        {
            if (value.TryGetProperty(required, out var there) && there.ValueKind != JsonValueKind.Null) continue;
            walk.Enter(required);
            walk.Breaks("is required and missing");
            walk.Leave();
        }
    }
}

internal sealed class ListShape : Shape
{
    public Shape Item { get; set; } = null!;

    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (!Is(value, JsonValueKind.Array, "list", walk)) return;
        Limit(value.GetArrayLength(), "a count of", walk);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            walk.Enter(index++);
            Item.Check(item, walk);
            walk.Leave();
        }
    }
}

internal sealed class MapShape : Shape
{
    public Shape Key { get; set; } = null!;

    public Shape Value { get; set; } = null!;

    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (!Is(value, JsonValueKind.Object, "map", walk)) return;
        var count = 0;
        foreach (var entry in value.EnumerateObject())
        {
            count++;
            walk.Enter(entry.Name);
            if (Key is StringShape key) key.Check(entry.Name, walk);
            Value.Check(entry.Value, walk);
            walk.Leave();
        }

        Limit(count, "a count of", walk);
    }
}

internal sealed class StringShape(IReadOnlyList<string>? values, string? pattern) : Shape
{
    /// <summary>A pattern of a model is one for the whole text, with the classes of ASCII.</summary>
    private readonly Lazy<Regex?> _pattern = new(() => pattern is null
        ? null
        : new(
            $@"\A(?:{OfDotNet(pattern)})\z",
            pattern.Contains(@"\p", StringComparison.Ordinal) ? RegexOptions.None : RegexOptions.ECMAScript));

    public Regex? Pattern => _pattern.Value;

    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (Is(value, JsonValueKind.String, "string", walk)) Check(value.GetString()!, walk);
    }

    public void Check(string text, ModelWalk walk)
    {
        if (values is not null && !values.Contains(text))
            walk.Breaks($"is \"{text}\", not one of {string.Join(", ", values)}");
        Limit(text.Length, "a length of", walk);
        if (Pattern is { } regex && !regex.IsMatch(text)) walk.Breaks($"is \"{text}\" and doesn't match {pattern}");
    }

    /// <summary>Models write what is beyond 16 bits in two ways of Java, where .NET has the halves, and name a class of POSIX.</summary>
    private static string OfDotNet(string pattern) => pattern
        .Replace(@"\p{Print}", "[ -~]", StringComparison.Ordinal)
        .Replace(@"\uD800\uDC00-\uDBFF\uDFFF", @"\uD800-\uDFFF", StringComparison.Ordinal)
        .Replace(@"\u10000-\u10FFFF", @"\uD800-\uDFFF", StringComparison.Ordinal);
}

internal sealed class BlobShape : Shape
{
    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (!Is(value, JsonValueKind.String, "blob", walk)) return;
        if (value.TryGetBytesFromBase64(out var bytes)) Limit(bytes.Length, "a length of", walk);
        else walk.Breaks("is not Base64");
    }
}

internal sealed class BooleanShape : Shape
{
    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) walk.Breaks($"is {Shown(value)}, not a boolean");
    }
}

internal sealed class NumberShape(string type, bool isWhole) : Shape
{
    /// <summary>A number, or a time as the seconds that JSON has of it; null: neither.</summary>
    public double? Parse(string text) =>
        type == "timestamp" && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time.ToUnixTimeSeconds()
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    public override void Check(JsonElement value, ModelWalk walk)
    {
        if (!Is(value, JsonValueKind.Number, type, walk)) return;
        if (isWhole && !value.TryGetInt64(out _)) walk.Breaks($"is {Shown(value)}, not a whole number");
        else if (type == "integer" && !value.TryGetInt32(out _)) walk.Breaks($"is {Shown(value)}, more than an integer holds");
        Limit(value.GetDouble(), "the value", walk);
    }
}

/// <summary>Whatever the caller wants.</summary>
internal sealed class AnyShape : Shape
{
    public override void Check(JsonElement value, ModelWalk walk)
    {
    }
}
