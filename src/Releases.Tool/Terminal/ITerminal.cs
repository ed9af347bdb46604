namespace Releases.Tool;

/// <summary>Represents the tool's terminal or pipes: standard output is for data, standard error for messages.</summary>
internal interface ITerminal
{
    /// <summary>Gets standard output, for data that a program would read.</summary>
    TextWriter Out { get; }

    /// <summary>Gets standard error, for progress, notes, questions and errors.</summary>
    TextWriter Error { get; }

    /// <summary>Gets standard input, for piped data and answers.</summary>
    TextReader In { get; }

    /// <summary>Gets whether standard output is a terminal rather than a pipe or file.</summary>
    bool OutIsTerminal { get; }

    /// <summary>
    /// Gets why data couldn't be written, or null if all was. A command does all of its work nevertheless, and then fails.
    /// </summary>
    Problem? OutputLost { get; }

    /// <summary>
    /// Gets a token that is cancelled when nobody receives standard output: its reader is gone, as after <c>| head</c>, or it is lost.
    /// </summary>
    CancellationToken ReaderGone { get; }

    /// <summary>Gets whether standard error is a terminal.</summary>
    bool ErrorIsTerminal { get; }

    /// <summary>Gets whether standard input is a terminal, so that a person can answer.</summary>
    bool InIsTerminal { get; }

    /// <summary>Gets whether to use color on a terminal; <c>NO_COLOR</c> turns it off.</summary>
    bool Color { get; }

    /// <summary>Gets whether written messages can be redrawn, for live progress.</summary>
    bool CanRedraw { get; }

    /// <summary>Gets the width of the screen, in columns.</summary>
    int Width { get; }

    /// <summary>Gets the height of the screen, in lines.</summary>
    int Height { get; }
}
