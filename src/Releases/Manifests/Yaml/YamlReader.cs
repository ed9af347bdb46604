using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Releases;

/// <summary>
/// Reads text into a tree of values within limits: a document that is nested too deeply, or that its aliases expand too far, is rejected
/// before it becomes expensive.
/// </summary>
internal sealed class YamlReader
{
    private const int MaximumDepth = 32;
    private const int MaximumValues = 20_000;
    private const string TabIndentation = "this line is indented with a tab, which YAML doesn't allow.", UseSpaces = "Use spaces.";

    private readonly Dictionary<AnchorName, YamlValue> _anchors = [];
    private readonly IParser _parser;
    private readonly ManifestDiagnostics _diagnostics;

    private YamlReader(IParser parser, ManifestDiagnostics diagnostics) => (_parser, _diagnostics) = (parser, diagnostics);

    /// <summary>Returns the document's value; null if it has none, or if it isn't YAML, which the diagnostics report.</summary>
    public static YamlValue? Read(string text, ManifestDiagnostics diagnostics)
    {
        var tree = new YamlReader(new Parser(new Scanner(new StringReader(text))), diagnostics);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException malformed) when (malformed.Message.Contains(" tab ", StringComparison.Ordinal)
            && FindTabIndentation(text, Number(malformed.Start.Line)) is { } line)
        {
            diagnostics.Error(line, 1, TabIndentation, UseSpaces);
            return null;
        }
        catch (YamlException malformed)
        {
            var reason = malformed.Message.ReplaceLineEndings(" ").TrimEnd('.');
            diagnostics.Error(Number(malformed.Start.Line), Number(malformed.Start.Column), $"this isn't valid YAML: {reason}.");
            return null;
        }
        catch (Exception malformed) when (malformed is InvalidOperationException or ArgumentException or OverflowException)
        {
            // YamlDotNet's scanner has states that it doesn't expect itself; a mutated file finds them within seconds.
            var near = tree._parser.Current?.End ?? Mark.Empty;
            if (FindTabIndentation(text, Number(near.Line)) is { } line) diagnostics.Error(line, 1, TabIndentation, UseSpaces);
            else diagnostics.Error(Number(near.Line), Number(near.Column), "this isn't valid YAML from here on.");
            return null;
        }
    }

    /// <summary>
    /// Returns the first line, from the given one on, that is indented with a tab. YamlDotNet gives the position of what the line is in.
    /// </summary>
    private static int? FindTabIndentation(string text, int from)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var found = Array.FindIndex(lines, Math.Min(from, lines.Length) - 1,
            line => line.TrimStart() is [not '#', ..] and var content && line[..^content.Length].Contains('\t', StringComparison.Ordinal));
        return found < 0 ? null : found + 1;
    }

    private YamlValue? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return null;
        _parser.Consume<DocumentStart>();
        var value = ReadValue(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _)) throw Refused(_parser.Current!, "there is a second document; only one is read");
        return value;
    }

    private YamlValue ReadValue(int depth)
    {
        if (depth > MaximumDepth) throw TooDeep(_parser.Current!.Start);
        var value = _parser.Current switch
        {
            AnchorAlias alias => ReadAlias(alias),
            SequenceStart start => ReadList(start, depth),
            MappingStart start => ReadMap(start, depth),
            _ => ReadScalar(_parser.Consume<Scalar>()),
        };
        var at = new Mark(0, value.Line, value.Column);
        if (value.Depth > MaximumDepth) throw TooDeep(at);
        if (value.Size > MaximumValues) throw new YamlException(at, at, $"it has more than {MaximumValues} values");
        return value;
    }

    private YamlValue ReadAlias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var value))
            throw Refused(alias, $"the anchor '&{alias.Value}' isn't defined above this");
        _parser.MoveNext();
        // A value that doesn't fit where an alias uses it is a mistake at that place; its parts keep the positions where they are written.
        return value with { Line = Line(alias), Column = Column(alias) };
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        if (HasHalfCharacter(scalar.Value)) throw Refused(scalar, "there is half a character, an unpaired surrogate");
        return Named(scalar,
            new YamlScalar(scalar.Value, scalar.Style is ScalarStyle.Plain or ScalarStyle.Any, Line(scalar), Column(scalar)));
    }

    private YamlList ReadList(SequenceStart start, int depth)
    {
        _parser.MoveNext();
        var items = new List<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadValue(depth + 1));
        return Named(start, new YamlList(items, Line(start), Column(start), Total(items), Deepest(items)));
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        _parser.MoveNext();
        var entries = new List<YamlEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadValue(depth + 1) is not YamlScalar key) throw Refused(_parser.Current!, "a key must be text");
            var value = ReadValue(depth + 1);
            if (keys.Add(key.Text)) entries.Add(new(key, value));
            else _diagnostics.Error(key, $"'{key.Text}' appears twice.", "Keep one of them.");
        }

        var values = entries.Select(e => e.Value).ToList();
        return Named(start, new YamlMap(entries, Line(start), Column(start), Total(values), Deepest(values)));
    }

    private T Named<T>(NodeEvent node, T value) where T : YamlValue
    {
        if (!node.Anchor.IsEmpty) _anchors[node.Anchor] = value;
        return value;
    }

    /// <summary>Saturates, so that doubling aliases can't overflow it.</summary>
    private static int Total(List<YamlValue> parts) => (int)Math.Min(MaximumValues + 1L, 1 + parts.Sum(p => (long)p.Size));

    private static int Deepest(List<YamlValue> parts) => 1 + parts.Select(p => p.Depth).DefaultIfEmpty().Max();

    /// <summary>No file contains one, but text from elsewhere may, and it couldn't be written again.</summary>
    private static bool HasHalfCharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogatePair(text, i)) i++;
            else if (char.IsSurrogate(text[i])) return true;
        return false;
    }

    private static YamlException TooDeep(Mark at) => new(at, at, $"it is nested more than {MaximumDepth} levels deep");

    private static YamlException Refused(ParsingEvent at, string reason) => new(at.Start, at.End, reason);

    private static int Line(ParsingEvent at) => Number(at.Start.Line);

    private static int Column(ParsingEvent at) => Number(at.Start.Column);

    private static int Number(long position) => (int)Math.Clamp(position, 1, int.MaxValue);
}
