using System.CommandLine;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Whatever is typed is understood or refused in a sentence.</summary>
public sealed class AnyArguments
{
    private static readonly string[] Junk = ["x", "-1", "0", "99999999999999", "", " ", "=", "A=1", "v1", "ROCHMCOUESG", "--", "-", "--=",
        "-a", "@x", "\u0000", "日本", "--json=maybe", "10m", "web", "--no-such", "-p", "-pf"];

    [Fact]
    public void Are_parsed_and_judged_without_an_exception()
    {
        var host = new ToolHost(new FakeTerminal(), TimeProvider.System, "/", _ => null, FakeRackKind.Unopened);
        var root = Commands.All(host);
        var words = Everything(root).SelectMany(c => c.Options.SelectMany(o => o.Aliases.Append(o.Name)).Append(c.Name))
            .Concat(Junk).Distinct().ToArray();
        var commands = Everything(root).ToArray();
        var random = new Random(20261124);
        for (var i = 0; i < 10_000; i++)
        {
            // Mostly something that begins as a command does.
            var path = random.Next(4) == 0 ? [] : PathTo(commands[random.Next(commands.Length)]);
            string[] typed = [.. path, .. Enumerable.Range(0, random.Next(5)).Select(_ => words[random.Next(words.Length)])];
            var parsed = root.Parse(typed, new ParserConfiguration { ResponseFileTokenReplacer = null });
            var wrong = Record.Exception(() =>
            {
                if (UsageErrors.Find(typed, parsed) is { } problem) Assert.Matches(@"\.( |$)", problem.Sentence + " ");
            });
            Assert.True(wrong is null, $"{string.Join('|', typed)}: {wrong}");
        }
    }

    private static IEnumerable<Command> Everything(Command command) => command.Subcommands.SelectMany(Everything).Prepend(command);

    private static string[] PathTo(Command command) =>
        command is RootCommand ? [] : [.. PathTo(command.Parents.OfType<Command>().First()), command.Name];
}
