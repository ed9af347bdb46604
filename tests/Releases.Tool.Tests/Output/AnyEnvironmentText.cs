using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Whatever a .env file holds, it is read, or refused in a sentence that shows nothing of it.</summary>
public sealed class AnyEnvironmentText
{
    private const int Many = 10_000;

    [Fact(Timeout = 300_000)]
    public async Task Ends_in_variables_that_print_and_read_back_or_in_a_problem()
    {
        var (read, refused) = (0, new HashSet<string>());
        await Task.Run(
            () =>
            {
                foreach (var text in new EnvironmentTexts(20261125).Take(Many))
                {
                    if (Refusal(text) is { } problem) refused.Add(problem);
                    else read++;
                }
            }, TestContext.Current.CancellationToken);

        Assert.InRange(read, Many / 20, Many - (Many / 20));
        Assert.InRange(refused.Count, 10, Many);
    }

    /// <summary>Why it was refused; null where it could be read.</summary>
    private static string? Refusal(string text)
    {
        try
        {
            var variables = EnvironmentSet.Of(EnvironmentText.Read(new StringReader(text), "'.env'"));
            var printed = string.Concat(variables.Select(v => EnvironmentText.Line(v.Key, v.Value) + "\n"));
            Assert.Equal(variables, EnvironmentSet.Of(EnvironmentText.Read(new StringReader(printed), "what was printed")));
            return null;
        }
        catch (ProblemException refused)
        {
            var problem = Assert.Single(refused.Problems);
            Assert.Equal((ProblemCode.Environment, ProblemKind.Usage), (problem.Code, problem.Kind));
            Assert.DoesNotContain(problem.Sentence, char.IsControl);
            Assert.DoesNotContain(EnvironmentTexts.Secret, problem.Sentence, StringComparison.Ordinal);
            Assert.Matches(
                @"^(line \d+ of '\.env' isn't KEY=value: |'\.env' is larger than |PORT can't be set|the value of [\w.-]+ |the environment would have )", problem.Message);
            return problem.Message;
        }
        catch (Exception broken) when (broken is not OperationCanceledException and not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"Nobody expects this of the text:\n{(text.Length > 3000 ? text[..3000] + "…" : text)}",
                broken);
        }
    }
}
