namespace Releases.Tool;

/// <summary>Where the tool talks to a person or a program: standard output is data, standard error is talk.</summary>
internal interface ITerminal
{
    /// <summary>Data: what a program would read.</summary>
    TextWriter Out { get; }

    /// <summary>Talk: progress, notes, questions, errors.</summary>
    TextWriter Error { get; }

    /// <summary>What is piped in, or typed as an answer.</summary>
    TextReader In { get; }

    /// <summary>Whether a person reads the data; else it is piped.</summary>
    bool OutIsTerminal { get; }

    /// <summary>Cancelled when nobody reads the data, as after <c>| head</c>.</summary>
    CancellationToken ReaderGone { get; }

    /// <summary>Whether a person reads the talk.</summary>
    bool ErrorIsTerminal { get; }

    /// <summary>Whether a person can answer.</summary>
    bool InIsTerminal { get; }

    /// <summary>Whether color is wanted where a person reads; <c>NO_COLOR</c> says that it is not.</summary>
    bool Color { get; }

    /// <summary>Whether talk that was written can be written over, for live progress.</summary>
    bool CanRedraw { get; }

    /// <summary>The columns of the screen.</summary>
    int Width { get; }

    /// <summary>The lines of the screen.</summary>
    int Height { get; }
}
