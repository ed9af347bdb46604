using Xunit;

namespace Releases.Tool.Tests;

/// <summary>.env files of other tools and what a person reads in them. <c>¶</c> stands for a line break in a value, so that a row is a
/// line.</summary>
public sealed class EnvironmentFileCorpus
{
    [Theory]
    // What all readers agree on.
    [InlineData("A=basic", "basic")]
    [InlineData("A=", "")]
    [InlineData("A=''", "")]
    [InlineData("A=\"\"", "")]
    [InlineData("A='single quotes'", "single quotes")]
    [InlineData("A='    spaced    '", "    spaced    ")]
    [InlineData("A=\"    spaced    \"", "    spaced    ")]
    [InlineData("A='double \"quotes\" inside'", "double \"quotes\" inside")]
    [InlineData("A=\"single 'quotes' inside\"", "single 'quotes' inside")]
    [InlineData("A=\"expand\\nnew\\nlines\"", "expand¶new¶lines")]
    [InlineData("A='dont\\nexpand'", "dont\\nexpand")]
    [InlineData("A=dont\\nexpand", "dont\\nexpand")]
    [InlineData("A=inline comments # work #very #well", "inline comments")]
    [InlineData("A='outside of #quotes' # work", "outside of #quotes")]
    [InlineData("A=\"outside of #quotes\" # work", "outside of #quotes")]
    [InlineData("A=\"closed\"# at once", "closed")]
    [InlineData("A=equals==", "equals==")]
    [InlineData("A={\"foo\": \"bar\"}", "{\"foo\": \"bar\"}")]
    [InlineData("A='{\"foo\": \"bar's\"}'", null)]
    [InlineData("A=    trimmed    ", "trimmed")]
    [InlineData("    A = parsed", "parsed")]
    [InlineData("\tA\t=\tparsed\t", "parsed")]
    [InlineData("export A=exported", "exported")]
    [InlineData("export\tA=exported", "exported")]
    [InlineData("A='THIS\nIS\nMULTILINE'", "THIS¶IS¶MULTILINE")]
    [InlineData("A=\"THIS\nIS\nMULTILINE\"", "THIS¶IS¶MULTILINE")]
    [InlineData("A=\"-----BEGIN KEY-----\nMIIE/x+y==\n-----END KEY-----\n\"", "-----BEGIN KEY-----¶MIIE/x+y==¶-----END KEY-----¶")]
    [InlineData("A=\"-----BEGIN KEY-----\\nMIIE\\n\"", "-----BEGIN KEY-----¶MIIE¶")]
    [InlineData("A=crlf\r\n", "crlf")]
    [InlineData("A='two\r\nlines'\r\n", "two¶lines")]
    [InlineData("\uFEFFA=mark", "mark")]
    [InlineData("# first\n\nA=1", "1")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("A=user@example.tld", "user@example.tld")]
    [InlineData("A=postgres://u:p@h:5432/d?a=b&c=d", "postgres://u:p@h:5432/d?a=b&c=d")]
    [InlineData("A=it's", "it's")]
    [InlineData("A=a \"b\" c", "a \"b\" c")]
    [InlineData("A=\"a \\\"b\\\" c\"", "a \"b\" c")]
    [InlineData("A=\"a\\\\\"", "a\\")]
    [InlineData("A=日本", "日本")]
    // Where they differ, and what counts here.
    [InlineData("A=`it's \"x\" # y`", "it's \"x\" # y")]
    [InlineData("A=`THIS\nIS\n\"MULTILINE'S\"`", "THIS¶IS¶\"MULTILINE'S\"")]
    [InlineData("A=`back\\nslash`", "back\\nslash")]
    [InlineData("A=``", "")]
    [InlineData("A='`backticks`'", "`backticks`")]
    [InlineData("A=#F00", "#F00")]
    [InlineData("A=a#b", "a#b")]
    [InlineData("A=\"pa\\$\\$word\"", "pa$$word")]
    [InlineData("A=\"\\`id\\`\"", "`id`")]
    [InlineData("A=pa$$word", "pa$$word")]
    [InlineData("A='pa$$word'", "pa$$word")]
    [InlineData("A=${HOME}/x", "${HOME}/x")]
    [InlineData("A=$(id)", "$(id)")]
    [InlineData("A=\"C:\\dir\"", "C:\\dir")]
    [InlineData("A=C:\\new\\dir", "C:\\new\\dir")]
    [InlineData("A=\"tab\\there\"", "tab\there")]
    [InlineData("A.b=1\nA=2", "2")]
    // What env -0 prints.
    [InlineData("A=a # b\0B=1\0", "a # b")]
    [InlineData("B=1\0A= \"it's\" `$x` \\n=\n\r\n\0", " \"it's\" `$x` \\n=¶\r¶")]
    [InlineData("A=\0", "")]
    // What a person could only guess at.
    [InlineData("B=1\0A\0", null)]
    [InlineData("B=1\0A\nB=1\0", null)]
    [InlineData("A='it\\'s'", null)]
    [InlineData("A='it'\\''s'", null)]
    [InlineData("A=\"a\"b", null)]
    [InlineData("A=\"a\" b", null)]
    [InlineData("A=\"never closed", null)]
    [InlineData("A='never closed\nB=1", null)]
    [InlineData("A=`never closed", null)]
    [InlineData("A=\"one\nB=\"two\"", null)]
    [InlineData("A", null)]
    [InlineData("export A", null)]
    [InlineData("A: yaml", null)]
    [InlineData("A B=1", null)]
    [InlineData("1A=1", null)]
    [InlineData("=1", null)]
    [InlineData("A=-----BEGIN KEY-----\nMIIE/x+y==", null)]
    public void Is_read_as_a_person_reads_it_or_refused_by_its_line(string text, string? value)
    {
        if (value is null)
        {
            var refused = Assert.Throws<ProblemException>(() => Read(text));
            Assert.Matches(@"^line [12] of '\.env' isn't KEY=value: ", refused.Message);
            return;
        }

        var read = Read(text).Single(v => v.Key == "A").Value;
        Assert.Equal(value.Replace('¶', '\n'), read);
        Assert.Equal(read, Assert.Single(Read(EnvironmentText.Line("A", read))).Value);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("with spaces", "'with spaces'")]
    [InlineData("~/x", "'~/x'")]
    [InlineData("{\"a\":1}", "'{\"a\":1}'")]
    [InlineData("pa$word", "'pa$word'")]
    [InlineData("a#b", "'a#b'")]
    [InlineData("C:\\dir", "'C:\\dir'")]
    [InlineData("`id`", "'`id`'")]
    [InlineData(" led", "' led'")]
    [InlineData("it's $5", "\"it's \\$5\"")]
    [InlineData("a\nb", "'a\nb'")]
    [InlineData("it's\n1", "\"it's\n1\"")]
    [InlineData("a\r\nb", "\"a\\r\nb\"")]
    [InlineData("it's", "\"it's\"")]
    public void Is_printed_as_others_read_it_too(string value, string line) => Assert.Equal($"A={line}", EnvironmentText.Line("A", value));

    /// <summary>As in <c>eval "$(dotnet convox env)"</c>.</summary>
    [Fact]
    public async Task What_is_printed_is_what_sh_reads()
    {
        string[] values =
        [
            "", "plain", "with spaces", " led and trailed ", "it's", "\"quoted\"", "`id`", "$(id)", "$HOME", "${HOME}", "a\\nb", "\\",
            "~/x", "a:~/x", "*", "a#b", "#a", "a;id", "a&b", "a|b", "<a>", "!!", "(a)", "line\nline=\n\nlast", "it's\n$5 \\ `x` \"y\"",
            "tab\tin it", "{a,b}", "é😀", "a=b==", "Server=db;Password='x y'",
        ];
        var text = string.Concat(values.Select((value, n) => EnvironmentText.Line($"V{n}", value) + "\n"));
        var shell = new System.Diagnostics.ProcessStartInfo("sh",
            ["-c", "eval \"$1\"; shift; for name; do eval \"printf '%s\\0' \\\"\\$$name\\\"\"; done", "sh", text, .. values.Select((_, n) =>
                $"V{n}")])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        using var process = System.Diagnostics.Process.Start(shell)!;
        var read = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(values, read.Split('\0')[..^1]);
    }

    [Fact]
    public void What_the_rack_gives_itself_is_skipped_with_its_line()
    {
        var notes = new List<string>();
        var text = string.Concat(Enumerable.Range(1, 41).Select(i => $"V{i}=1\n")) + "PORT=3000\nRELEASE='a\nb'\nLAST=1\n";
        var read = EnvironmentText.Read(new StringReader(text), "'.env'", notes.Add);
        Assert.Equal(42, read.Count);
        Assert.Equal(
            ["Line 42 of '.env': PORT is skipped: the rack gives it to every process itself.",
                "Line 43 of '.env': RELEASE is skipped: the rack gives it to every process itself."], notes);
    }

    [Theory]
    [InlineData("HOST=x\nURL=http://$HOST/\n", "Line 2 of '.env' refers to HOST: nothing is expanded here, so it is kept as text.")]
    [InlineData("URL=\"http://${HOST:-y}/\"\nHOST=x\n",
        "Line 1 of '.env' refers to HOST: nothing is expanded here, so it is kept as text.")]
    [InlineData("HOST=x\nURL='$HOST'\nB=`$HOST`\nC=\"\\$HOST\"\nD=pa$word\n", null)]
    public void What_others_would_expand_is_told_with_its_line(string text, string? note)
    {
        var notes = new List<string>();
        EnvironmentText.Read(new StringReader(text), "'.env'", notes.Add);
        Assert.Equal(note is null ? [] : [note], notes);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Read(string text)
    {
        var last = new Dictionary<string, string>();
        foreach (var (key, value) in EnvironmentText.Read(new StringReader(EnvironmentText.Lines(text)), "'.env'")) last[key] = value;
        return [.. last];
    }
}
