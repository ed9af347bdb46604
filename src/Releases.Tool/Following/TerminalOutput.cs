using System.Text;
using Spectre.Console;

namespace Releases.Tool;

/// <summary>Lets Spectre draw where the tool talks.</summary>
internal sealed class TerminalOutput(ITerminal terminal) : IAnsiConsoleOutput
{
    private const int UsualHeight = 24;

    public TextWriter Writer => terminal.Error;

    public bool IsTerminal => terminal.ErrorIsTerminal;

    public int Width => terminal.Width;

    public int Height => UsualHeight;

    /// <summary>The terminal's streams are UTF-8 already.</summary>
    public void SetEncoding(Encoding encoding)
    {
    }
}
