using System.Text;
using System.Text.Encodings.Web;

namespace Releases.Aws;

/// <summary>Builds the text of a template from pieces with their own indentation.</summary>
internal sealed class TemplateText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds lines, each indented.</summary>
    public TemplateText Add(string lines, int indent = 0)
    {
        foreach (var line in lines.ReplaceLineEndings("\n").Split('\n'))
            _text.Append(line.Length == 0 ? "" : new string(' ', indent)).Append(line).Append('\n');
        return this;
    }

    /// <summary>Adds an empty line.</summary>
    public TemplateText Gap() => Add("");

    /// <summary>Quotes text, so that it is a valid value whatever characters it contains.</summary>
    public static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    /// <summary>Writes values on one line.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values)}]";

    public override string ToString() => _text.ToString();
}
