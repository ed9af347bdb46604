using Releases.Testing;
using Xunit;

namespace Releases.Tests.Manifests;

/// <summary>Whatever a convox.yml holds, it is read or refused at a place, at once.</summary>
public sealed class AnyManifest
{
    private const int Many = 10_000;

    [Fact(Timeout = 300_000)]
    public async Task Ends_in_a_manifest_or_in_problems_with_places()
    {
        var (read, refused) = (0, new HashSet<string>());
        await Task.Run(
            () =>
            {
                foreach (var text in new ManifestTexts(20261125).Take(Many))
                {
                    if (Answered(text) is { } problem) refused.Add(problem);
                    else read++;
                }
            }, TestContext.Current.CancellationToken);

        // The texts reach into the reader: some are right, and those that are not are wrong in many ways.
        Assert.InRange(read, Many / 50, Many / 2);
        Assert.InRange(refused.Count, 100, Many);
    }

    /// <summary>The first problem; null where it could be read.</summary>
    private static string? Answered(string text)
    {
        try
        {
            var reading = ManifestReader.Read(text, "convox.yml");
            Assert.Equal(reading.Manifest is null, reading.Problems.Count > 0);
            foreach (var problem in reading.Problems.Concat(reading.Warnings))
            {
                Assert.Equal(ProblemCode.Manifest, problem.Code);
                Assert.InRange(problem.Location!.Line, 1, Lines(text));
                Assert.True(problem.Location.Column >= 1);
                Assert.DoesNotContain(problem.Sentence, char.IsControl);
                Assert.InRange(problem.Sentence.Length, 1, 1000);
            }

            foreach (var service in reading.Manifest?.Services ?? [])
            {
                var scope = new VariableScope(EnvironmentSet.Empty, [.. reading.Manifest!.Environment, .. service.Environment],
                    new Dictionary<string, string>(), new HashSet<string>());
                ManifestVariables.Resolve(service, scope);
                ProcessEnvironment.Of([.. reading.Manifest.Environment, .. service.Environment], EnvironmentSet.Empty, scope);
            }

            return reading.Problems.Count > 0 ? reading.Problems[0].Message : null;
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Nobody expects this of the text:\n{(text.Length > 3000 ? text[..3000] + "…" : text)}",
                broken);
        }
    }

    /// <summary>Lines as YAML counts them, and the one after the last.</summary>
    private static int Lines(string text) => 2 + text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029');
}
