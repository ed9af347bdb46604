using System.Text;
using System.Text.Encodings.Web;

namespace Releases.Aws;

/// <summary>Builds the text of a template from pieces that each stand at their own indentation.</summary>
internal sealed class TemplateText
{
    private readonly StringBuilder _text = new();

    /// <summary>Lines, each moved to the right.</summary>
    public TemplateText Add(string lines, int indent = 0)
    {
        foreach (var line in lines.ReplaceLineEndings("\n").Split('\n'))
            _text.Append(line.Length == 0 ? "" : new string(' ', indent)).Append(line).Append('\n');
        return this;
    }

    /// <summary>An empty line.</summary>
    public TemplateText Gap() => Add("");

    /// <summary>Text that is a value whatever characters it has.</summary>
    public static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    /// <summary>Values in one line.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values)}]";

    public override string ToString() => _text.ToString();
}
