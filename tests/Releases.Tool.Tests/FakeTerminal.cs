using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>A terminal that keeps what is written, with lines that end in \n wherever the test runs.</summary>
internal sealed class FakeTerminal : ITerminal
{
    public SharedText Data { get; } = new();

    public SharedText Talk { get; } = new();

    /// <summary>What is typed or piped in.</summary>
    public string Typed { get; set; } = "";

    /// <summary>What gives lines when they are asked for; null: what is typed.</summary>
    public TextReader? Keyboard { get; set; }

    /// <summary>Whether a person sits at it.</summary>
    public bool Attended { get; set; }

    public bool Color { get; set; }

    public CancellationToken ReaderGone { get; set; }

    public bool CanRedraw { get; set; }

    /// <summary>Where data goes; null: it is kept.</summary>
    public TextWriter? Redirected { get; set; }

    Problem? ITerminal.OutputLost => ((Redirected as StreamWriter)?.BaseStream as StandardStream)?.Lost;

    TextWriter ITerminal.Out => Redirected ?? Data;

    TextWriter ITerminal.Error => Talk;

    TextReader ITerminal.In => Keyboard ?? (_in ??= new StringReader(Typed));

    bool ITerminal.OutIsTerminal => Attended;

    bool ITerminal.ErrorIsTerminal => Attended;

    bool ITerminal.InIsTerminal => Attended;

    public int Width { get; set; } = 100;

    public int Height { get; set; } = 24;

    private StringReader? _in;
}
