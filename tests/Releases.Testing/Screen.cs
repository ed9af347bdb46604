using System.Globalization;
using System.Text;

namespace Releases.Testing;

/// <summary>
/// What a person sees of what a program prints: as much of a VT100 as the tool and the system's line discipline use. A
/// sequence that it does not know fails the test, as nobody knows then what is seen.
/// </summary>
public sealed class Screen(int columns, int lines)
{
    private readonly List<StringBuilder> _rows = [new()];
    private readonly StringBuilder _sequence = new();
    private readonly List<string> _wrapped = [];

    /// <summary>The number of the screen's first row among all of them.</summary>
    private int _top;
    private int _row;
    private int _column;

    /// <summary>The rows that have scrolled away and those on the screen, without spaces at their ends.</summary>
    public string Text => string.Join('\n', _rows.Select(r => r.ToString().TrimEnd())).TrimEnd('\n');

    /// <summary>What was wider than the screen and wrapped into the next row, in the order in which that happened.</summary>
    public IReadOnlyList<string> Wrapped => _wrapped;

    public bool CursorIsShown { get; private set; } = true;

    /// <summary>Whether it is in the middle of an update, of which nothing is seen before its end.</summary>
    public bool IsUpdating { get; private set; }

    /// <summary>An update has ended.</summary>
    public event Action? Updated;

    public void Write(ReadOnlySpan<char> text)
    {
        foreach (var character in text) Write(character);
    }

    private void Write(char character)
    {
        if (_sequence.Length > 0) Continue(character);
        else
            switch (character)
            {
                case '\e': _sequence.Append(character); break;
                case '\r': _column = 0; break;
                case '\n': NextRow(); break;
                case '\b': _column = Math.Max(0, _column - 1); break;
                case '\a': break;
                case < ' ': throw new NotSupportedException($"The screen does not know the character {(int)character}.");
                default: Put(character); break;
            }
    }

    private void Put(char character)
    {
        if (_column == columns)
        {
            _wrapped.Add(_rows[_row].ToString());
            NextRow();
            _column = 0;
        }

        var row = _rows[_row];
        if (row.Length <= _column) row.Append(' ', _column + 1 - row.Length);
        row[_column++] = character;
    }

    private void NextRow()
    {
        _row++;
        if (_row == _rows.Count) _rows.Add(new());
        _top = Math.Max(_top, _row - lines + 1);
    }

    private void Continue(char character)
    {
        _sequence.Append(character);
        var sequence = _sequence.ToString();
        if (sequence is "\e[" or "\e]") return;
        if (sequence.StartsWith("\e[", StringComparison.Ordinal))
        {
            if (character is < '@' or > '~') return;
            Control(sequence[2..^1], character);
        }
        else if (sequence is not ("\e=" or "\e>")) throw Unknown();
        _sequence.Clear();
    }

    private void Control(string parameter, char command)
    {
        var number = int.TryParse(parameter, CultureInfo.InvariantCulture, out var given) ? given : 0;
        switch (command)
        {
            // Nothing moves into what has scrolled away.
            case 'A': _row = Math.Max(_top, _row - Math.Max(1, number)); break;
            case 'B': _row = Math.Min(_rows.Count - 1, _row + Math.Max(1, number)); break;
            case 'C': _column = Math.Min(columns - 1, _column + Math.Max(1, number)); break;
            case 'D': _column = Math.Max(0, _column - Math.Max(1, number)); break;
            case 'G': _column = Math.Clamp(number - 1, 0, columns - 1); break;
            case 'K' when number == 0: _rows[_row].Length = Math.Min(_rows[_row].Length, _column); break;
            case 'K' when number == 2: _rows[_row].Clear(); break;
            case 'J' when number == 0:
                _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                foreach (var row in _rows.Skip(_row + 1)) row.Clear();
                break;
            case 'h' or 'l' when parameter == "?25": CursorIsShown = command == 'h'; break;
            case 'h' or 'l' when parameter == "?2026":
                IsUpdating = command == 'h';
                if (!IsUpdating) Updated?.Invoke();
                break;
            case 'h' or 'l' when parameter == "?1": break;
            case 'm': break;
            default: throw Unknown();
        }
    }

    private NotSupportedException Unknown() => new($"The screen does not know the sequence ESC {_sequence.ToString()[1..]}.");
}
